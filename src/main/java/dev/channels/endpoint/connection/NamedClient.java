package dev.channels.endpoint.connection;

import dev.channels.Caller;

/**
 * A client that is connected, and of which it is known who it is.
 *
 * @param connection its own
 * @param door which door it came to
 * @param caller who it is
 */
public record NamedClient(OpenConnection connection, String door, Caller caller) {

    /**
     * Returns what names the connection.
     *
     * @return the same as in presence
     */
    public String id() {
        return connection.id();
    }
}
