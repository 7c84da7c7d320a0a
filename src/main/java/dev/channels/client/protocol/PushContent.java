package dev.channels.client.protocol;

import org.jspecify.annotations.Nullable;

/** The content of a push. */
public sealed interface PushContent {

    /**
     * An event of the channel.
     *
     * @param publication the event; see {@link Codec#publication}
     */
    record Published(EncodedPublication publication) implements PushContent {}

    /**
     * A client came.
     *
     * @param info who
     */
    record Join(ClientInfo info) implements PushContent {}

    /**
     * A client went.
     *
     * @param info who
     */
    record Leave(ClientInfo info) implements PushContent {}

    /**
     * The server ended the subscription.
     *
     * @param code why, and whether the client comes back
     */
    record Unsubscribed(UnsubscribeCode code) implements PushContent {}

    /**
     * Something for this client, of no channel.
     *
     * @param data what
     */
    record Message(Payload data) implements PushContent {}

    /**
     * The server subscribed the client.
     *
     * @param position where the subscription begins, or null where clients are given no positions
     * @param data from the application
     */
    record Subscribed(@Nullable StreamPosition position, Payload data) implements PushContent {}

    /**
     * The server ends a connection over a transport that cannot say so itself.
     *
     * @param code why, and whether the client comes back
     */
    record Disconnected(DisconnectCode code) implements PushContent {}
}
