package dev.channels.event;

import dev.channels.Caller;
import org.jspecify.annotations.Nullable;

/**
 * A client that was {@linkplain ClientConnected connected} to this node is gone; the channels that
 * it had are {@linkplain ClientUnsubscribed told} before. Those that are here when the application
 * stops are told of only if they are sent away before its end ({@code channels.drain-time}).
 *
 * @param client names its connection, as {@link ClientConnected#client()} did
 * @param door the door that it had come to
 * @param caller who it was
 * @param reason why this side has closed the connection, in the words that the client was told;
 *     null where the client has left by itself
 */
public record ClientDisconnected(String client, String door, Caller caller, @Nullable String reason)
        implements LifeEvent {}
