package dev.channels.console;

import dev.channels.endpoint.connection.NamedClient;
import java.util.HashSet;
import java.util.Set;

/** A client that is connected, and what it follows. */
final class WatchedClient {

    private final NamedClient client;
    private final long since;

    /** Replaced, never changed; by one thread at a time, as the doors tell of a client. */
    private volatile Set<String> channels = Set.of();

    /**
     * Makes a client that follows nothing yet.
     *
     * @param since when it came, by the clock of {@link System#nanoTime}
     */
    WatchedClient(NamedClient client, long since) {
        this.client = client;
        this.since = since;
    }

    void add(String channel) {
        Set<String> more = new HashSet<>(channels);
        more.add(channel);
        channels = Set.copyOf(more);
    }

    void remove(String channel) {
        Set<String> less = new HashSet<>(channels);
        less.remove(channel);
        channels = Set.copyOf(less);
    }

    String id() {
        return client.id();
    }

    /** Returns the name of the caller; empty for an anonymous one. */
    String caller() {
        return client.caller().name();
    }

    String door() {
        return client.door();
    }

    long since() {
        return since;
    }

    int backlog() {
        return client.connection().backlog();
    }

    Set<String> channels() {
        return channels;
    }
}
