package dev.channels.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Waits until the demo delivers: a server is often up long before its application is. */
final class FirstEvent implements WebSocket.Listener {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<CharSequence> event = new CompletableFuture<>();

    /**
     * Waits for the first event of a channel.
     *
     * @return whether there was one before the server was stopped
     */
    boolean await(ServerProcess server, URI channel, Duration timeout) throws InterruptedException {
        long begin = System.nanoTime();
        CompletableFuture<WebSocket> socket = connect(channel);
        while (!event.isDone()) {
            if (server.waitFor(PAUSE)) {
                return false;
            }
            if (System.nanoTime() - begin > timeout.toNanos()) {
                throw new IllegalStateException(
                        "No event came from " + channel + " within " + timeout.toSeconds() + " s");
            }
            if (socket.isCompletedExceptionally()) {
                socket = connect(channel);
            }
        }
        socket.join().abort();
        return true;
    }

    private CompletableFuture<WebSocket> connect(URI channel) {
        return client.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .buildAsync(channel, this);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        event.complete(data);
        return null;
    }
}
