package dev.channels.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A client of the client endpoint that speaks JSON, written by hand. */
public final class JsonClient implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Client client;

    private JsonClient(Client client) {
        this.client = client;
    }

    /** Connects the socket, with header fields, names and values in turns, and says nothing. */
    public static JsonClient open(URI application, String... headers) {
        return new JsonClient(Client.connect(application, "connection/websocket", headers));
    }

    /** Connects, and waits until it is let in. */
    public static JsonClient connect(URI application) {
        return open(application).says("{\"id\":1,\"connect\":{}}").awaits("{\"id\":1,\"connect\"");
    }

    /** Sends commands in one frame. */
    public JsonClient says(String... commands) {
        client.sendText(String.join("\n", commands));
        return this;
    }

    /** Returns the messages that have come, whatever the frames. */
    public List<String> lines() {
        return client.texts().stream().flatMap(text -> Stream.of(text.split("\n", -1))).toList();
    }

    /** Returns the messages that contain a text. */
    public List<String> lines(String part) {
        return lines().stream().filter(line -> line.contains(part)).toList();
    }

    /** Waits for a message that contains a text. */
    public JsonClient awaits(String part) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(lines()).anyMatch(line -> line.contains(part)));
        return this;
    }

    /** Waits for so many messages that contain a text. */
    public JsonClient awaits(int count, String part) {
        await().atMost(LONG).untilAsserted(() -> assertThat(lines(part)).hasSize(count));
        return this;
    }

    /** Returns how many frames have come. */
    public int frames() {
        return client.count();
    }

    /** Waits for the close and returns its code. */
    public int awaitClose() throws Exception {
        return client.awaitClose();
    }

    @Override
    public void close() {
        client.close();
    }
}
