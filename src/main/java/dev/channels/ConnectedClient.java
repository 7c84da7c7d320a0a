package dev.channels;

import java.util.Set;

/**
 * A client that is connected to the client endpoint of this node. Its methods may be called by any
 * thread, never block, and do nothing once the client is gone.
 *
 * <p>Policies bind clients, not the application: it may subscribe a client to any channel.
 */
public interface ConnectedClient {

    /**
     * Returns what names this one connection.
     *
     * @return the id that the client was given when it connected
     */
    String id();

    /**
     * Returns who it is.
     *
     * @return the name of the caller; empty for an anonymous one
     */
    String user();

    /**
     * Returns the channels that it is subscribed to, or about to be.
     *
     * @return the names; a copy
     */
    Set<String> channels();

    /**
     * Subscribes it to a channel. Does nothing if it is.
     *
     * @param channel the name
     * @throws ChannelsException {@link ErrorCode#INVALID_CHANNEL_NAME}
     */
    void subscribe(String channel);

    /**
     * Unsubscribes it from a channel; it does not come back by itself. Does nothing if it is not
     * subscribed.
     *
     * @param channel the name
     */
    void unsubscribe(String channel);

    /**
     * Sends it something that belongs to no channel.
     *
     * @param data encoded as that of {@link ChannelsPlugin#publish(Object, String...)}
     * @throws ChannelsException {@link ErrorCode#NOT_ENCODABLE}
     */
    void send(Object data);

    /**
     * Ends its connection, once everything before has been sent.
     *
     * @param reconnect whether it is to connect anew, or to stay away
     */
    void disconnect(boolean reconnect);
}
