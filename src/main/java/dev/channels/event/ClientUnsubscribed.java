package dev.channels.event;

import dev.channels.Caller;

/**
 * A client that was {@linkplain ClientSubscribed subscribed} to a channel is so no more: it has
 * left the channel, or is gone.
 *
 * @param client names its connection, as {@link ClientConnected#client()} did
 * @param door the door that it came to
 * @param caller who it is
 * @param channel the name of the channel
 */
public record ClientUnsubscribed(String client, String door, Caller caller, String channel)
        implements LifeEvent {}
