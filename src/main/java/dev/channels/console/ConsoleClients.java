package dev.channels.console;

import dev.channels.endpoint.connection.ClientListener;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.NamedClient;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The clients that are here, as the doors tell of them. Who reads them holds up nobody: clients
 * come and go meanwhile.
 */
public final class ConsoleClients implements ClientListener {

    private final Map<String, WatchedClient> clients = new ConcurrentHashMap<>();

    /** Makes an empty collection. */
    public ConsoleClients() {}

    @Override
    public void connected(NamedClient client) {
        clients.put(client.id(), new WatchedClient(client, System.nanoTime()));
    }

    @Override
    public void subscribed(NamedClient client, String channel) {
        WatchedClient watched = clients.get(client.id());
        if (watched != null) {
            watched.add(channel);
        }
    }

    @Override
    public void unsubscribed(NamedClient client, String channel) {
        WatchedClient watched = clients.get(client.id());
        if (watched != null) {
            watched.remove(channel);
        }
    }

    @Override
    public void disconnected(NamedClient client, @Nullable Ending why) {
        clients.remove(client.id());
    }

    /** Returns the clients as they come and go. */
    Collection<WatchedClient> all() {
        return clients.values();
    }

    /** Returns a client; null if it is not here. */
    @Nullable WatchedClient byId(String id) {
        return clients.get(id);
    }
}
