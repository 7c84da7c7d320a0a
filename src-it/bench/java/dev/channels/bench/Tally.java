package dev.channels.bench;

import dev.channels.bench.app.Progress;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What the sockets of one application received since {@link #begin}; for the event loop only. */
final class Tally {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Progress progress;
    private Histogram latency = new Histogram(LONGEST_NANOS, 3);
    private long first;
    private long received;
    private long misplaced;
    private long advanced;
    private long lastArrival;

    Tally(Progress progress) {
        this.progress = progress;
    }

    /** Begins anew; what has a lower sequence number belongs to the past, and is not counted. */
    void begin(long sequence) {
        first = sequence;
        received = 0;
        misplaced = 0;
        advanced = 0;
        latency = new Histogram(LONGEST_NANOS, 3);
        progress.tell(0);
    }

    /**
     * Counts one event.
     *
     * @param last the sequence number that its socket received last
     * @return the sequence number that its socket received last
     */
    long arrived(long last, long sequence, long due, long now) {
        if (sequence < first) {
            return last;
        }
        long before = Math.max(last, first - 1);
        if (sequence <= before) {
            misplaced++;
            return before;
        }
        received++;
        advanced += sequence - before;
        lastArrival = now;
        latency.recordValue(Math.min(Math.max(0, now - due), LONGEST_NANOS));
        return sequence;
    }

    /** Tells the publisher; to be called after a number of events. */
    void tell() {
        progress.tell(advanced);
    }

    /** Tells how far the sockets have come, whatever was lost on the way. */
    long advanced() {
        return advanced;
    }

    Received read() {
        return new Received(received, misplaced, lastArrival, latency.copy());
    }

    /**
     * A reading.
     *
     * @param count how many events came, over all sockets
     * @param misplaced how many came twice or out of order
     * @param lastArrival when the last one came
     * @param latency from the moment an event was due until it was read, in nanoseconds
     */
    record Received(long count, long misplaced, long lastArrival, Histogram latency) {}
}
