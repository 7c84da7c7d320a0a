package dev.channels.bench.broker;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * What came out of a route: events on the other node, or answers. Told of by one thread at a time.
 */
final class Arrivals {

    private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final AtomicLong count = new AtomicLong();

    /** Makes a payload that tells when it was made. */
    static byte[] payload(int size) {
        return ByteBuffer.allocate(size).putLong(System.nanoTime()).array();
    }

    /** An event came; called by one thread at a time. */
    void event(ByteBuffer payload) {
        latency.recordValue(Math.max(0, System.nanoTime() - payload.getLong()));
        count.setRelease(count.getPlain() + 1);
    }

    /** The broker accepted an event; called by any thread. */
    void answer() {
        count.incrementAndGet();
    }

    long count() {
        return count.getAcquire();
    }

    /** Forgets the latencies; while nothing is under way. */
    void reset() {
        latency.reset();
    }

    double millis(double percentile) {
        return latency.getValueAtPercentile(percentile) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
