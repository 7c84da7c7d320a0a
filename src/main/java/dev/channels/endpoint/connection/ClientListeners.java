package dev.channels.endpoint.connection;

import org.jspecify.annotations.Nullable;

/**
 * Two listeners.
 *
 * @param one is told first
 * @param other is told then
 */
public record ClientListeners(ClientListener one, ClientListener other) implements ClientListener {

    /**
     * Joins two listeners.
     *
     * @param one is told first; null for nobody
     * @param other is told then; null for nobody
     * @return both of them; null for nobody
     */
    public static @Nullable ClientListener both(
            @Nullable ClientListener one, @Nullable ClientListener other) {
        return one == null ? other : other == null ? one : new ClientListeners(one, other);
    }

    @Override
    public void connected(NamedClient client) {
        one.connected(client);
        other.connected(client);
    }

    @Override
    public void subscribed(NamedClient client, String channel) {
        one.subscribed(client, channel);
        other.subscribed(client, channel);
    }

    @Override
    public void unsubscribed(NamedClient client, String channel) {
        one.unsubscribed(client, channel);
        other.unsubscribed(client, channel);
    }

    @Override
    public void disconnected(NamedClient client, @Nullable Ending why) {
        one.disconnected(client, why);
        other.disconnected(client, why);
    }
}
