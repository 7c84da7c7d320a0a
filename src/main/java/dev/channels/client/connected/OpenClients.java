package dev.channels.client.connected;

import dev.channels.ConnectedClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The clients that are connected to this node. Safe for use by any thread. */
public final class OpenClients {

    private final Map<String, ClientHandle> clients = new ConcurrentHashMap<>();

    /** Makes an empty collection. */
    public OpenClients() {}

    public void add(ClientHandle client) {
        clients.put(client.id(), client);
    }

    public void remove(ClientHandle client) {
        clients.remove(client.id());
    }

    /** Returns how many are here, those included that have not been let in. */
    public int size() {
        return clients.size();
    }

    public List<ConnectedClient> all() {
        return clients.values().stream()
                .filter(ClientHandle::isLetIn)
                .<ConnectedClient>map(client -> client)
                .toList();
    }

    /**
     * Returns the client with an id.
     *
     * @param id of its connection
     * @return the client, or empty if it is not connected here
     */
    public Optional<ConnectedClient> byId(String id) {
        return Optional.ofNullable(clients.get(id))
                .filter(ClientHandle::isLetIn)
                .map(client -> client);
    }

    public List<ConnectedClient> byUser(String user) {
        return all().stream().filter(client -> client.user().equals(user)).toList();
    }
}
