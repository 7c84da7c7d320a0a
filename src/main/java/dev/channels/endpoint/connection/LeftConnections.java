package dev.channels.endpoint.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections whose sessions are closed, as long as they are there. A server waits for the client
 * then, one of them for ever: a client that does not answer, or of which the server reads no more,
 * would keep its descriptor.
 *
 * <p>Safe for use by any thread.
 */
final class LeftConnections {

    private final long patience;
    private final Map<OpenConnection, Long> since = new ConcurrentHashMap<>();

    /**
     * Makes an empty collection.
     *
     * @param patience how long a client may take to leave
     */
    LeftConnections(Duration patience) {
        this.patience = patience.toNanos();
    }

    /** Notes one that is closed, or about to be; from the first time on. */
    void add(OpenConnection connection, long now) {
        if (connection.isConnected()) {
            since.putIfAbsent(connection, now);
        }
    }

    /** Returns those whose time is over, and forgets them as well as those that have left. */
    List<OpenConnection> overdue(long now) {
        List<OpenConnection> overdue = new ArrayList<>();
        since.forEach(
                (connection, begin) -> {
                    boolean isLeft = connection.isConnected();
                    if (isLeft && now - begin > patience) {
                        overdue.add(connection);
                    }
                    if (!isLeft || now - begin > patience) {
                        since.remove(connection);
                    }
                });
        return overdue;
    }

    /** Returns all of them. */
    List<OpenConnection> all() {
        return List.copyOf(since.keySet());
    }
}
