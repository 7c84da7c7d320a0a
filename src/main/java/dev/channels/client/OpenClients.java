package dev.channels.client;

import dev.channels.ClientConnections;
import dev.channels.ConnectedClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The clients that are connected. */
public final class OpenClients implements ClientConnections {

    private final Map<String, ClientHandle> clients = new ConcurrentHashMap<>();

    /** Makes an empty collection. */
    public OpenClients() {}

    void add(ClientHandle client) {
        clients.put(client.id(), client);
    }

    void remove(ClientHandle client) {
        clients.remove(client.id());
    }

    /** Returns how many are here, those included that have not been let in. */
    int size() {
        return clients.size();
    }

    @Override
    public List<ConnectedClient> all() {
        return clients.values().stream()
                .filter(ClientHandle::isLetIn)
                .<ConnectedClient>map(client -> client)
                .toList();
    }

    @Override
    public Optional<ConnectedClient> byId(String id) {
        return Optional.ofNullable(clients.get(id))
                .filter(ClientHandle::isLetIn)
                .map(client -> client);
    }

    @Override
    public List<ConnectedClient> byUser(String user) {
        return all().stream().filter(client -> client.user().equals(user)).toList();
    }
}
