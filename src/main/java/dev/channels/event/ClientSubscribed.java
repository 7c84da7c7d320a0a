package dev.channels.event;

import dev.channels.Caller;

/**
 * A client is subscribed to a channel, over this node, and what is published reaches it from now
 * on.
 *
 * @param client names its connection, as {@link ClientConnected#client()} did
 * @param door the door that it came to
 * @param caller who it is
 * @param channel the name of the channel
 */
public record ClientSubscribed(String client, String door, Caller caller, String channel)
        implements LifeEvent {}
