package dev.channels;

import java.util.List;
import java.util.Optional;

/**
 * The clients that are connected to the client endpoint; to be injected. Those that can be looked
 * at are the ones of this node; what is done {@linkplain #everywhere(String) everywhere} is done on
 * all of them.
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

    /**
     * Returns whatever a user is connected as, on all nodes.
     *
     * @param user the name of the caller; empty for the anonymous ones
     * @return what can be done to them
     */
    ClientsEverywhere everywhere(String user);

    /**
     * Returns the client with an id, on whatever node it is.
     *
     * @param id of its connection, as {@link PresentClient#id()} has it
     * @return what can be done to it
     */
    ClientsEverywhere everywhereById(String id);

    /**
     * Ends all connections of a user to this node, at every door: those of plain endpoints and of
     * Server-Sent Events, too. Whoever is still let in may come back.
     *
     * @param user the name of the caller; nothing happens if it is empty
     */
    void end(String user);
}
