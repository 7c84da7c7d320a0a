package dev.channels.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A WebSocket client that keeps what it received; the JDK's, which knows nothing of the server. */
public final class Client implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> texts = Collections.synchronizedList(new ArrayList<>());
    private final List<byte[]> binaries = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private WebSocket socket;

    private Client() {}

    /** Connects, and waits until the handshake is done. */
    public static Client connect(URI application, String path) {
        return connect(application, path, new String[0]);
    }

    /** Connects with header fields, names and values in turns. */
    public static Client connect(URI application, String path, String... headers) {
        Client client = new Client();
        client.socket = open(application, path, client.new Listener(), headers).join();
        return client;
    }

    /** Begins a handshake; fails with a {@code WebSocketHandshakeException} if it is refused. */
    public static CompletableFuture<WebSocket> open(
            URI application, String path, WebSocket.Listener listener, String... headers) {
        String http = application.toString();
        String base = http.endsWith("/") ? http : http + "/";
        URI uri = URI.create("ws" + base.substring("http".length()) + path);
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(LONG);
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.buildAsync(uri, listener);
    }

    private final AtomicInteger pings = new AtomicInteger();

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        /** It is answered all the same. */
        @Override
        public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            pings.incrementAndGet();
            return WebSocket.Listener.super.onPing(socket, message);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                count.incrementAndGet();
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            binary.writeBytes(part);
            if (last) {
                binaries.add(binary.toByteArray());
                count.incrementAndGet();
                binary.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    public List<String> texts() {
        synchronized (texts) {
            return List.copyOf(texts);
        }
    }

    public List<byte[]> binaries() {
        synchronized (binaries) {
            return List.copyOf(binaries);
        }
    }

    public int count() {
        return count.get();
    }

    /** Returns how many pings have come. */
    public int pings() {
        return pings.get();
    }

    /** Waits until so many messages have come, and no more. */
    public Client awaitCount(int expected) {
        await().atMost(LONG).untilAsserted(() -> assertThat(count()).isEqualTo(expected));
        return this;
    }

    /** Waits until the text messages are these. */
    public Client awaitTexts(String... expected) {
        await().atMost(LONG).untilAsserted(() -> assertThat(texts()).containsExactly(expected));
        return this;
    }

    /** Waits for the close and returns its code. */
    public int awaitClose() throws Exception {
        return closed.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    public boolean isClosed() {
        return closed.isDone();
    }

    public void sendText(String text) {
        done(socket.sendText(text, true));
    }

    public void sendBinary(byte[] data) {
        done(socket.sendBinary(ByteBuffer.wrap(data), true));
    }

    /**
     * Waits for a send; one that fails is no failure of the test, since the server may have closed.
     */
    private void done(CompletableFuture<WebSocket> send) {
        send.completeOnTimeout(socket, LONG.toSeconds(), TimeUnit.SECONDS)
                .exceptionally(e -> socket)
                .join();
    }

    /** Says goodbye, if the server has not. */
    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            done(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
        }
    }
}
