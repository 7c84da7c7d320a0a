package dev.channels.event;

import dev.channels.Caller;

/**
 * A client was let in to this node. One of the client endpoint is, once it has said who it is.
 *
 * @param client names its connection, as in presence and in {@link
 *     dev.channels.ConnectedClient#id()}
 * @param door the door that it came to: {@code plain}, {@code client} or {@code sse}
 * @param caller who it is
 */
public record ClientConnected(String client, String door, Caller caller) implements LifeEvent {}
