package dev.channels.spi;

import dev.channels.Position;
import java.util.concurrent.CompletionStage;

/**
 * Finds channels by what is published to them: who watches all names that begin alike need not know
 * which channels there are, and can follow each one from its first event on.
 *
 * <p>From the completion of {@link #watch} on, every event that the broker accepts in a channel of
 * the prefix, on any node, is told of, by a call that names the position in front of it, after
 * which the history has it, within retention. Of several events that follow each other the calls
 * for the first one and the last one are enough. A call comes soon after its event was accepted,
 * whether the node is subscribed to the channel or not, before or after the event is pushed into
 * the sink. An event may be told of twice, and so may one of before the watch. A backend without a
 * history calls before it looks who is subscribed: whoever subscribes within the call is delivered
 * the event.
 *
 * <p>What is accepted during an outage is told of after it. Watches end with {@link
 * ChannelsBackend#stop}; nobody is called after its stage has completed.
 *
 * <p>Not blocking, and safe for use by any thread.
 */
public interface ChannelDiscovery {

    /** Is told of channels. */
    @FunctionalInterface
    interface Watcher {

        /**
         * Something was published to a channel. Called on any thread, in the order of the channel,
         * never twice at once for one channel. Returns quickly, and never throws; it may subscribe
         * to the channel.
         *
         * @param channel the name of the channel
         * @param before a position in front of what was published
         */
        void published(String channel, Position before);
    }

    /**
     * Begins to watch.
     *
     * @param prefix what the names begin with, all of them where it is empty; the name that is the
     *     prefix itself is none of them
     * @param watcher is told of the channels
     * @return completes when it is in force; stays pending while the broker is away
     */
    CompletionStage<Void> watch(String prefix, Watcher watcher);
}
