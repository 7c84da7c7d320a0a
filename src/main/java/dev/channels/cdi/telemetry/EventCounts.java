package dev.channels.cdi.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** Counts the events of one channel that metrics name, or of all others together. */
public final class EventCounts {

    private final LongAdder published = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder received = new LongAdder();

    /** Counts from zero. */
    public EventCounts() {}

    /**
     * Counts a publish.
     *
     * @param accepted whether the broker has it
     */
    public void published(boolean accepted) {
        (accepted ? published : failed).increment();
    }

    /** Counts an event that came from the broker. */
    public void receive() {
        received.increment();
    }

    /** Adds what was counted before. */
    void add(long morePublished, long moreFailed, long moreReceived) {
        published.add(morePublished);
        failed.add(moreFailed);
        received.add(moreReceived);
    }

    long published() {
        return published.sum();
    }

    long failed() {
        return failed.sum();
    }

    long received() {
        return received.sum();
    }
}
