package dev.channels.console;

import dev.channels.Position;
import dev.channels.spi.ChannelHistory;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the console reads of an application. Its methods may be called by any thread. */
public interface ConsoleSource {

    /** Is shown the channels of a node, one after another. */
    interface Visitor {

        /**
         * Is shown a channel that has subscribers on this node.
         *
         * @param name its name
         * @param subscribers how many there are now, about
         * @param events how many events came to this node since it follows the channel
         * @param reached the position of the last one; null if none came yet
         */
        void visit(String name, int subscribers, long events, @Nullable Position reached);
    }

    /**
     * Reads how the node stands; may look at each subscriber.
     *
     * @return a reading of now
     */
    NodeReading node();

    /**
     * Returns the channels that there are without anybody who follows them.
     *
     * @return the declared names, families left out
     */
    Collection<String> declared();

    /**
     * Shows the channels that have subscribers on this node, without holding up anything.
     *
     * @param visitor is called on this thread
     */
    void showChannels(Visitor visitor);

    /**
     * Returns the history.
     *
     * @return what reads it, without blocking; empty where the backend keeps none
     */
    Optional<ChannelHistory> history();

    /**
     * Forgets a channel: deletes its history.
     *
     * @param channel its name, which there must be
     * @return completes with true when the history is deleted, with false if the backend keeps none
     */
    CompletionStage<Boolean> forget(String channel);
}
