package dev.channels.testkit;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A client of the client endpoint that comes back after each cut, to whichever node it is sent, and
 * asks for what it missed: no more than an SDK does, by rules that can be read here. It notes every
 * event and every word that something is missing. Safe for use by any thread.
 */
public final class RecoveringClient implements AutoCloseable {

    private static final String GAP = "gap";

    private final List<String> channels;

    // Guarded by this
    private final Map<String, List<String>> seen = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Long> pending = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int comebacks;
    private int commands;
    private Connection connection;

    /** Where a client stands in a channel. */
    private record Place(String epoch, long offset) {}

    /** Makes a client that is not connected. */
    public RecoveringClient(List<String> channels) {
        this.channels = List.copyOf(channels);
        channels.forEach(channel -> seen.put(channel, new ArrayList<>()));
    }

    /** Connects to a node, and subscribes to all channels, or goes on where it was. */
    public void connect(URI node) {
        Connection next = new Connection();
        synchronized (this) {
            connection = next;
            comebacks++;
        }
        WebSocket socket;
        try {
            socket = Client.open(node, "connection/websocket", next).join();
        } catch (CompletionException e) {
            // The node is away; the next call tries another.
            next.closed.complete(null);
            return;
        }
        socket.sendText(commands(), true).join();
    }

    private synchronized String commands() {
        pending.clear();
        StringBuilder text = new StringBuilder("{\"id\":" + ++commands + ",\"connect\":{}}");
        for (String channel : channels) {
            text.append('\n').append(subscribe(channel));
        }
        return text.toString();
    }

    private String subscribe(String channel) {
        commands++;
        pending.put(channel, (long) commands);
        Place place = places.get(channel);
        String recover =
                place == null
                        ? ""
                        : ",\"recover\":true,\"epoch\":\""
                                + place.epoch()
                                + "\",\"offset\":"
                                + place.offset();
        return "{\"id\":"
                + commands
                + ",\"subscribe\":{\"channel\":\""
                + channel
                + "\""
                + recover
                + "}}";
    }

    /** Cuts the connection in the middle of whatever is on the way. */
    public void cut() {
        Connection cut;
        synchronized (this) {
            cut = connection;
        }
        if (cut != null) {
            cut.abort();
        }
    }

    /** Tells whether there is no connection. */
    public synchronized boolean isCut() {
        return connection == null || connection.closed.isDone();
    }

    /** Returns what came of a channel, in its order; a gap is the word "gap". */
    public synchronized List<String> seen(String channel) {
        return List.copyOf(seen.get(channel));
    }

    /** Returns the last event of a channel, or nothing. */
    public synchronized String last(String channel) {
        List<String> all = seen.get(channel);
        return all.isEmpty() ? "" : all.get(all.size() - 1);
    }

    /** Returns how often it came back. */
    public synchronized int comebacks() {
        return comebacks;
    }

    /** Returns how often it was told that events are missing. */
    public synchronized long gaps() {
        return seen.values().stream().flatMap(List::stream).filter(GAP::equals).count();
    }

    /** Returns what no server may send: holes in the offsets, and errors. */
    public synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    private synchronized void message(Connection from, String line) {
        if (from != connection || from.closed.isDone()) {
            // What comes after a cut is not seen by an application either.
            return;
        }
        JsonObject message;
        try (JsonReader reader = Json.createReader(new StringReader(line))) {
            message = reader.readObject();
        }
        if (message.isEmpty()) {
            from.socket.sendText("{}", true);
        } else if (message.containsKey("error")) {
            int code = message.getJsonObject("error").getInt("code");
            if (code != 100) {
                wrong.add(line);
            }
            from.abort();
        } else if (message.containsKey("subscribe")) {
            subscribed(message.getInt("id"), message.getJsonObject("subscribe"));
        } else if (message.containsKey("push")) {
            push(from, message.getJsonObject("push"));
        }
    }

    private void subscribed(long id, JsonObject reply) {
        String channel =
                pending.entrySet().stream()
                        .filter(entry -> entry.getValue() == id)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(null);
        if (channel == null) {
            wrong.add("An answer to nothing: " + reply);
            return;
        }
        pending.remove(channel);
        String epoch = reply.getString("epoch", "");
        if (reply.getBoolean("was_recovering", false)) {
            if (reply.getBoolean("recovered", false)) {
                if (reply.containsKey("publications")) {
                    for (JsonObject event :
                            reply.getJsonArray("publications").getValuesAs(JsonObject.class)) {
                        event(channel, event);
                    }
                }
                return;
            }
            seen.get(channel).add(GAP);
        }
        long offset = reply.containsKey("offset") ? reply.getJsonNumber("offset").longValue() : 0;
        places.put(channel, new Place(epoch, offset));
    }

    private void push(Connection from, JsonObject push) {
        String channel = push.getString("channel", "");
        if (push.containsKey("pub")) {
            event(channel, push.getJsonObject("pub"));
        } else if (push.containsKey("unsubscribe")) {
            // 2500: some state is lost; subscribe again, from where it was.
            from.socket.sendText(subscribe(channel), true);
        }
    }

    private void event(String channel, JsonObject event) {
        Place place = places.get(channel);
        long offset = event.getJsonNumber("offset").longValue();
        if (place == null || offset != place.offset() + 1) {
            wrong.add(channel + " at " + place + " got offset " + offset);
        }
        places.put(channel, new Place(place == null ? "" : place.epoch(), offset));
        seen.get(channel).add(event.getString("data"));
    }

    @Override
    public void close() {
        cut();
    }

    private final class Connection implements WebSocket.Listener {
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private volatile WebSocket socket;

        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
            opened.request(1);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String frame = text.toString();
                text.setLength(0);
                for (String line : frame.split("\n")) {
                    message(this, line);
                }
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            closed.complete(null);
        }

        void abort() {
            closed.complete(null);
            WebSocket open = socket;
            if (open != null) {
                open.abort();
            }
        }
    }
}
