package dev.channels.backend.redis.command;

import java.util.concurrent.CompletableFuture;

/** A channel that this node is subscribed to, or wants to be. */
public interface SubscribedChannel {

    /** Returns the name of the channel. */
    String name();

    /**
     * Returns what completes when the subscribers get what is published from then on; it is the
     * same for all channels that were subscribed together.
     */
    CompletableFuture<Void> joined();

    /** Says that this node is not subscribed any more. */
    default void removed() {}
}
