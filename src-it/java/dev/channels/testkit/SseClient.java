package dev.channels.testkit;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** Reads Server-Sent Events as the HTML standard has it, with nothing but the JDK. */
public final class SseClient implements Flow.Subscriber<String>, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * What a page would be told.
     *
     * @param id the last one that was sent with it or before it
     */
    public record Event(String name, String data, String id) {}

    private final CompletableFuture<ResponseInfo> answer = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> body = new CompletableFuture<>();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final List<Long> retries = new CopyOnWriteArrayList<>();
    private volatile String lastId = "";
    private volatile boolean ended;

    // The event that is being read.
    private String name = "";
    private StringBuilder data = new StringBuilder();

    private SseClient() {}

    /**
     * Opens a response.
     *
     * @param query of the request, with what stands before it in the path
     * @param headers names and values in turns
     */
    public static SseClient open(URI application, String query, String... headers) {
        String base = application.toString();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create((base.endsWith("/") ? base : base + "/") + query))
                        .header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        SseClient client = new SseClient();
        BodyHandler<Void> handler =
                info -> {
                    client.answer.complete(info);
                    return BodySubscribers.fromLineSubscriber(
                            client, reader -> null, StandardCharsets.UTF_8, null);
                };
        CLIENT.sendAsync(request.build(), handler)
                .whenComplete(
                        (done, failure) -> {
                            client.ended = true;
                            if (failure != null) {
                                client.answer.completeExceptionally(failure);
                            }
                        });
        return client;
    }

    /** Opens a response that is let in. */
    public static SseClient connect(URI application, String query, String... headers) {
        SseClient client = open(application, query, headers);
        if (client.status() != 200) {
            throw new IllegalStateException("The answer is " + client.status());
        }
        return client;
    }

    private ResponseInfo answer() {
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    public int status() {
        return answer().statusCode();
    }

    public HttpHeaders headers() {
        return answer().headers();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        body.complete(subscription);
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        int colon = line.indexOf(':');
        if (line.isEmpty()) {
            dispatch();
        } else if (colon == 0) {
            comments.add(line.substring(1));
        } else {
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            take(field, value);
        }
    }

    private void take(String field, String value) {
        switch (field) {
            case "event" -> name = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> lastId = value;
            case "retry" -> retries.add(Long.parseLong(value));
            default -> throw new IllegalStateException("There is no field " + field);
        }
    }

    private void dispatch() {
        // That a channel is joined is no event of it.
        if (data.length() > 0 && !name.equals("joined")) {
            data.setLength(data.length() - 1);
            events.add(new Event(name.isEmpty() ? "message" : name, data.toString(), lastId));
        }
        name = "";
        data = new StringBuilder();
    }

    @Override
    public void onError(Throwable throwable) {
        ended = true;
    }

    @Override
    public void onComplete() {
        ended = true;
    }

    /** Returns what came so far, but for what says that a channel is joined. */
    public List<Event> events() {
        return events;
    }

    /** Returns the data of what came so far. */
    public List<String> data() {
        return events.stream().map(Event::data).toList();
    }

    /** Waits until so many events have come. */
    public SseClient awaits(int count) {
        await().atMost(PATIENCE).until(() -> events.size() >= count);
        return this;
    }

    /** Waits until the client knows where it stands, which it is told once a channel is joined. */
    public SseClient awaitsId() {
        await().atMost(PATIENCE).until(() -> !lastId.isEmpty());
        return this;
    }

    /** Waits until the client knows where it stands in so many channels of one epoch. */
    public SseClient awaitsId(int channels) {
        await().atMost(PATIENCE).until(() -> lastId.split("[,;]").length >= channels);
        return awaitsId();
    }

    public String lastId() {
        return lastId;
    }

    public List<String> comments() {
        return comments;
    }

    public List<Long> retries() {
        return retries;
    }

    /** Tells whether the server has ended the response. */
    public boolean isEnded() {
        return ended;
    }

    /** Cuts the connection. */
    @Override
    public void close() {
        body.thenAccept(Flow.Subscription::cancel);
    }
}
