package dev.channels.internal.stream;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import java.time.Duration;

/**
 * What bounds the backlog of a subscriber.
 *
 * @param maxEvents how many events at most
 * @param maxBytes how many bytes of payload at most
 * @param strategy what happens at the bound
 * @param joinTimeout how long to wait for a thread that iterates and does not come back
 */
public record Limits(int maxEvents, long maxBytes, BacklogStrategy strategy, Duration joinTimeout) {

    /** An empty payload is not free: this much an event counts at least. */
    private static final int MIN_COST = 64;

    static long cost(ChannelEvent event) {
        return Math.max(MIN_COST, event.size());
    }

    /** Tells whether a backlog of this size is within the bounds; a single event always is. */
    boolean admit(int events, long bytes) {
        return events <= maxEvents && (bytes <= maxBytes || events == 1);
    }

    /** Tells whether a drop ends the stream. */
    boolean endWhenFull() {
        return strategy == BacklogStrategy.DISCONNECT;
    }

    String describe() {
        return (maxEvents == Integer.MAX_VALUE ? "any number of" : String.valueOf(maxEvents))
                + " events"
                + (maxBytes == Long.MAX_VALUE ? "" : ", " + maxBytes + " bytes");
    }
}
