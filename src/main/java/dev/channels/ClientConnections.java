package dev.channels;

import java.util.List;
import java.util.Optional;

/**
 * The clients that are connected to the client endpoint of this node; to be injected. Clients of
 * other nodes are not among them.
 *
 * <p>All methods may be called by any thread, and never block.
 */
public interface ClientConnections {

    /**
     * Returns all clients.
     *
     * @return those that are connected now, in no order; a copy
     */
    List<ConnectedClient> all();

    /**
     * Returns the client with an id.
     *
     * @param id of its connection
     * @return the client, or empty if it is not connected here
     */
    Optional<ConnectedClient> byId(String id);

    /**
     * Returns the clients of a user.
     *
     * @param user the name of the caller; empty for the anonymous ones
     * @return those that are connected now, in no order; a copy
     */
    List<ConnectedClient> byUser(String user);
}
