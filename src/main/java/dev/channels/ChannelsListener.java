package dev.channels;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens between the broker and this node. Every CDI bean that implements it is
 * called; so is every listener given to {@link ChannelsPlugin#addListener}.
 *
 * <p>Called on threads of the plugin's executor, one call at a time and in the order of what
 * happened. What a listener throws is logged, and harms nobody else.
 */
public interface ChannelsListener {

    /**
     * The connection to the broker was lost. The backend tries to get it back by itself.
     *
     * @param cause why, as far as it is known
     */
    default void disconnected(@Nullable Throwable cause) {}

    /** The broker is reachable again, and all subscriptions are in force. */
    default void reconnected() {}

    /**
     * Events of a channel were lost to this node: the broker no longer had them when the node came
     * back for them.
     *
     * @param channel the channel
     */
    default void gap(String channel) {}
}
