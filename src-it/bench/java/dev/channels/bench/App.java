package dev.channels.bench;

import dev.channels.bench.app.Order;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A deployed application, by its control servlet. */
final class App {

    /** Longer than any order takes, a stuck socket excepted. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI address;

    /** Where the sequence numbers of the next order begin. */
    private long next;

    App(URI address) {
        this.address = address;
    }

    URI address() {
        return address;
    }

    /** Returns the process id of its server. */
    long pid() throws Exception {
        return Long.parseLong(get(send("GET", "")));
    }

    /** Returns the bytes in use on the heap of its server after a garbage collection. */
    long usedHeap() throws Exception {
        return Long.parseLong(get(send("DELETE", "")));
    }

    /** Returns a sequence number for the first event of the next order. */
    long nextSequence(long events) {
        long first = next;
        next += events;
        return first;
    }

    /** Begins to publish. */
    CompletableFuture<Published> publish(Order order) {
        return send("POST", "?" + order.query()).thenApply(Published::of);
    }

    static <T> T get(CompletableFuture<T> answer) throws Exception {
        return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<String> send(String method, String query) {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("control" + query))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(App::body);
    }

    private static String body(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response + ": " + response.body());
        }
        return response.body();
    }

    /**
     * The answer to an order.
     *
     * @param events how many events each channel got
     * @param begin when the first one was due
     */
    record Published(long events, long begin) {

        private static Published of(String answer) {
            String[] parts = answer.split(" ");
            return new Published(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        }
    }
}
