package dev.channels.testkit;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client of the client endpoint that follows channels of numbers, as an SDK would: it comes back
 * with its positions. It keeps no event, only where it stands, so that there can be thousands.
 *
 * <p>Each channel carries 1, 2, 3 and so on; the client notes the first that is missing, comes
 * twice, or comes out of order.
 */
public final class FollowingClient implements AutoCloseable {

    private static final Pattern NUMBER =
            Pattern.compile("\\{\"data\":(\\d+),\"offset\":(\\d+)\\}");
    private static final Pattern CHANNEL = Pattern.compile("\"channel\":\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+),");
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");

    /** Where the client stands in a channel. Guarded by the client. */
    private static final class Standing {
        String epoch = "";
        long offset;
        boolean isSubscribed;
    }

    private final URI application;
    private final Map<String, Standing> standings = new LinkedHashMap<>();
    private final List<String> channels;

    // Guarded by this
    private WebSocket socket;
    private Listener current;
    private String fault = "";
    private long received;

    /** Makes a client that is not connected. */
    public FollowingClient(URI application, List<String> channels) {
        this.application = application;
        this.channels = List.copyOf(channels);
        channels.forEach(channel -> standings.put(channel, new Standing()));
    }

    /** Begins to connect, and subscribes where it stands. */
    public CompletableFuture<Void> connect() {
        Listener listener = new Listener();
        synchronized (this) {
            current = listener;
            standings.values().forEach(standing -> standing.isSubscribed = false);
        }
        return Client.open(application, "connection/websocket", listener)
                .thenCompose(
                        opened -> {
                            synchronized (this) {
                                socket = opened;
                            }
                            return opened.sendText(commands(), true);
                        })
                .thenAccept(sent -> {});
    }

    private synchronized String commands() {
        StringBuilder frame = new StringBuilder("{\"id\":1,\"connect\":{}}");
        for (int i = 0; i < channels.size(); i++) {
            Standing standing = standings.get(channels.get(i));
            frame.append("\n{\"id\":")
                    .append(i + 2)
                    .append(",\"subscribe\":{\"channel\":\"")
                    .append(channels.get(i))
                    .append('"');
            if (!standing.epoch.isEmpty()) {
                frame.append(",\"recover\":true,\"epoch\":\"")
                        .append(standing.epoch)
                        .append("\",\"offset\":")
                        .append(standing.offset);
            }
            frame.append("}}");
        }
        return frame.toString();
    }

    /** Drops the connection without a word; what still comes of it is ignored. */
    public void cut() {
        WebSocket dropped;
        synchronized (this) {
            current = null;
            dropped = socket;
            socket = null;
        }
        if (dropped != null) {
            dropped.abort();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                received(this, from, text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed(this, "closed " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed(this, error.toString());
        }
    }

    private synchronized void closed(Listener listener, String why) {
        if (listener == current) {
            note(why);
        }
    }

    private synchronized void received(Listener listener, WebSocket from, String frame) {
        if (listener != current) {
            return;
        }
        for (String line : frame.split("\n")) {
            if (line.equals("{}")) {
                from.sendText("{}", true);
            } else if (line.startsWith("{\"push\"")) {
                pushed(line);
            } else {
                answered(line);
            }
        }
    }

    private void pushed(String line) {
        Matcher channel = CHANNEL.matcher(line);
        if (channel.find() && line.contains("\"pub\"")) {
            numbers(channel.group(1), line);
        } else {
            note(line);
        }
    }

    private void answered(String line) {
        Matcher id = ID.matcher(line);
        if (!id.find() || line.contains("\"error\"")) {
            note(line);
            return;
        }
        int index = Integer.parseInt(id.group(1)) - 2;
        if (index < 0) {
            return;
        }
        String channel = channels.get(index);
        Standing standing = standings.get(channel);
        boolean isBack = !standing.epoch.isEmpty();
        Matcher epoch = EPOCH.matcher(line);
        if (epoch.find()) {
            standing.epoch = epoch.group(1);
        }
        standing.isSubscribed = true;
        if (isBack) {
            if (!line.contains("\"recovered\":true")) {
                note(line);
            }
            numbers(channel, line);
        }
    }

    private void numbers(String channel, String line) {
        Standing standing = standings.get(channel);
        Matcher number = NUMBER.matcher(line);
        while (number.find()) {
            long next = standing.offset + 1;
            if (Long.parseLong(number.group(1)) != next
                    || Long.parseLong(number.group(2)) != next) {
                note(channel + ": " + number.group() + " instead of " + next);
            }
            standing.offset = next;
            received++;
        }
    }

    private void note(String what) {
        if (fault.isEmpty()) {
            fault = what;
        }
    }

    /** Returns the first thing that went wrong, or nothing. */
    public synchronized String fault() {
        return fault;
    }

    /** Tells whether each channel is subscribed, and has come up to a number. */
    public synchronized boolean isAt(long number) {
        return standings.values().stream()
                .allMatch(standing -> standing.isSubscribed && standing.offset == number);
    }

    /** Returns how many events it has had. */
    public synchronized long received() {
        return received;
    }

    @Override
    public void close() {
        cut();
    }
}
