package dev.channels.endpoint.connection;

import org.jspecify.annotations.Nullable;

/** Is told which clients come and go. Its methods neither block nor throw. */
public interface ClientListener {

    /**
     * A client was let in.
     *
     * @param client who it is
     */
    void connected(NamedClient client);

    /**
     * A client has a channel.
     *
     * @param client one that is connected
     * @param channel the name of the channel
     */
    void subscribed(NamedClient client, String channel);

    /**
     * A client has a channel no more, at the latest when it is gone.
     *
     * @param client one that was subscribed
     * @param channel the name of the channel
     */
    void unsubscribed(NamedClient client, String channel);

    /**
     * A client is gone.
     *
     * @param client one that was connected
     * @param why it was sent away; null where it has left by itself
     */
    void disconnected(NamedClient client, @Nullable Ending why);
}
