package dev.channels.endpoint.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.Caller;
import dev.channels.endpoint.request.Handshake;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener which clients come and go, and what they subscribe to: each thing once, in the
 * order in which it happens to the client. Tells nothing, and keeps nothing, where nobody listens.
 *
 * <pre>
 *   came ──▶ UNNAMED ── named ──▶ TOLD ── left ──▶ GONE, its channels and itself are told
 *               └──────────────── left ──────────▶ GONE, not told
 * </pre>
 *
 * <p>A client's lock is held while the listener is called, which only queues: nothing of one client
 * can overtake what was before it.
 */
final class Arrivals {

    private static final class Client {

        private final String door;

        /** Null until the client is known. */
        @GuardedBy("this")
        private @Nullable NamedClient told;

        @GuardedBy("this")
        private final Set<String> channels = new LinkedHashSet<>(2);

        @GuardedBy("this")
        private boolean gone;

        Client(String door) {
            this.door = door;
        }
    }

    private final @Nullable ClientListener listener;
    private final Map<OpenConnection, Client> clients = new ConcurrentHashMap<>();

    Arrivals(@Nullable ClientListener listener) {
        this.listener = listener;
    }

    /** A client has come, and has not said yet who it is. */
    void came(OpenConnection connection, Handshake handshake) {
        if (listener != null) {
            clients.put(connection, new Client(handshake.door()));
        }
    }

    /** A client is known. It is told of once. */
    void named(OpenConnection connection, Caller caller) {
        Client client = clients.get(connection);
        if (listener == null || client == null) {
            return;
        }
        synchronized (client) {
            if (client.told == null && !client.gone) {
                NamedClient told = new NamedClient(connection, client.door, caller);
                client.told = told;
                listener.connected(told);
            }
        }
    }

    /** A client has a channel. Nothing happens if it is not known, or not here. */
    void subscribed(OpenConnection connection, String channel) {
        Client client = clients.get(connection);
        if (listener == null || client == null) {
            return;
        }
        synchronized (client) {
            if (client.told != null && !client.gone && client.channels.add(channel)) {
                listener.subscribed(client.told, channel);
            }
        }
    }

    /** A client has a channel no more. Nothing happens if it did not have it. */
    void unsubscribed(OpenConnection connection, String channel) {
        Client client = clients.get(connection);
        if (listener == null || client == null) {
            return;
        }
        synchronized (client) {
            if (client.told != null && client.channels.remove(channel)) {
                listener.unsubscribed(client.told, channel);
            }
        }
    }

    /** A client is gone. Nothing happens if it was not here. */
    void left(OpenConnection connection, @Nullable Ending why) {
        Client client = clients.remove(connection);
        if (listener == null || client == null) {
            return;
        }
        synchronized (client) {
            client.gone = true;
            if (client.told == null) {
                return;
            }
            for (String channel : client.channels) {
                listener.unsubscribed(client.told, channel);
            }
            client.channels.clear();
            listener.disconnected(client.told, why);
        }
    }
}
