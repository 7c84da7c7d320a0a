package dev.channels.internal.stream;

import dev.channels.Delivery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A stream as its drain sees it. Safe for use by any thread. */
interface DrainedStream {

    /** What the stream tells a drain whose turn it is; called under the lock of the stream. */
    interface Turn {

        /**
         * Takes the count of the sends that the drain's own thread has completed in its turn.
         *
         * @return how many, since the last call
         */
        int takeCompletedHere();

        /**
         * Ends the turn.
         *
         * @param tooMany completions that were too many, for the next turn to refuse
         */
        void leave(int tooMany);
    }

    /** Returns the {@link Delivery} that the drain sends next, or what it does instead. */
    Object next(Turn asking);

    /** Returns what reads on for a drain that is to read; null if nothing is to be read. */
    @Nullable Runnable takeRead();

    /** The turn of the drain is used up. */
    void endTurn(Turn ending);

    /**
     * Sends were completed from outside of the drain's turn.
     *
     * @return false if fewer were in flight
     */
    boolean complete(int sends);

    /** The sender was told of the end; what was in flight is counted. */
    void over();

    /** Returns how many events are to be sent or in flight. */
    int remaining();

    /** Takes no new events and lets the drain finish. */
    void close();

    /** Takes no new events, discards the backlog and ends the stream. */
    void end(@Nullable Throwable cause);

    /** Returns why the stream ended early, or null. */
    @Nullable Throwable failure();

    /** Returns how long to wait for a consumer that does not go on. */
    Duration joinTimeout();
}
