package dev.channels.spi;

import dev.channels.ChannelEvent;
import dev.channels.PresenceChange;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a backend receives from its broker. Its methods may be called on any thread and return
 * quickly; they never throw and never wait for a subscriber.
 *
 * <p>Calls of {@link #deliver} and {@link #gap} for one channel must not overlap, and are made in
 * the order of the channel.
 */
public interface BackendSink {

    /**
     * Delivers one event to the subscribers of its channel on this node. An event whose position is
     * not after that of the one before, both being of one epoch, is left out and counted as a
     * duplicate; events of channels that nobody subscribes to are left out.
     *
     * @param event the event
     */
    void deliver(ChannelEvent event);

    /**
     * Says that events of a channel, which lie between the last one delivered and the next one, are
     * lost to this node.
     *
     * @param channel the name of the channel
     */
    void gap(String channel);

    /**
     * Says that a client came to a channel, or went: see {@link ChannelPresence}. Channels that
     * nobody subscribes to are left out. May be called while {@link #deliver} is, for the same
     * channel too; its own calls for one client must not overlap.
     *
     * @param change what happened
     */
    default void presenceChanged(PresenceChange change) {}

    /**
     * Says that the connection to the broker is lost. Called once per outage; not by a start or a
     * stop.
     *
     * @param cause why, as far as it is known
     */
    void disconnected(@Nullable Throwable cause);

    /**
     * Says that the broker is reachable again and every subscription is in force: the plugin goes
     * on with the publishes that wait. Called once per outage.
     */
    void connected();
}
