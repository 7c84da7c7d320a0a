package dev.channels.demo;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The protocol by which a browser is driven: calls, their results, and events. */
final class DevTools implements WebSocket.Listener, AutoCloseable {

    private final Map<Integer, CompletableFuture<JsonObject>> calls = new ConcurrentHashMap<>();
    private final List<JsonObject> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final StringBuilder parts = new StringBuilder();
    private final WebSocket socket;

    DevTools(URI address) {
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, this).join();
    }

    /** Calls the browser, and returns the result. */
    JsonObject call(String method, JsonObjectBuilder parameters) {
        return call(method, parameters, Json.createObjectBuilder());
    }

    /** Calls a page of the browser, and returns the result. */
    JsonObject call(String method, JsonObjectBuilder parameters, String sessionId) {
        return call(method, parameters, Json.createObjectBuilder().add("sessionId", sessionId));
    }

    private JsonObject call(
            String method, JsonObjectBuilder parameters, JsonObjectBuilder message) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        calls.put(id, answer);
        message.add("id", id).add("method", method).add("params", parameters);
        socket.sendText(message.build().toString(), true).join();
        JsonObject answered = answer.orTimeout(30, TimeUnit.SECONDS).join();
        if (answered.containsKey("error")) {
            throw new IllegalStateException(method + ": " + answered.get("error"));
        }
        return answered.getJsonObject("result");
    }

    /** Returns the events of a page. */
    List<JsonObject> events(String sessionId) {
        return events.stream()
                .filter(event -> sessionId.equals(event.getString("sessionId", null)))
                .toList();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            JsonObject message = Json.createReader(new StringReader(parts.toString())).readObject();
            parts.setLength(0);
            if (message.containsKey("id")) {
                calls.remove(message.getInt("id")).complete(message);
            } else {
                events.add(message);
            }
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
