package dev.channels.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What comes from a WebSocket endpoint. */
final class Events implements WebSocket.Listener, AutoCloseable {

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private WebSocket socket;

    private Events() {}

    static Events of(HttpClient client, URI endpoint) {
        Events events = new Events();
        URI uri = URI.create("ws" + endpoint.toString().substring("http".length()));
        events.socket = client.newWebSocketBuilder().buildAsync(uri, events).join();
        return events;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            events.add(parts.toString());
            parts.setLength(0);
        }
        socket.request(1);
        return null;
    }

    /** Waits for the next event. */
    String next() throws InterruptedException {
        String event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).as("an event within 30 s").isNotNull();
        return event;
    }

    /** Waits for a certain event; returns all that came until then. */
    List<String> nextUntil(String last) throws InterruptedException {
        List<String> all = new ArrayList<>();
        do {
            all.add(next());
        } while (!all.contains(last));
        return all;
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }
}
