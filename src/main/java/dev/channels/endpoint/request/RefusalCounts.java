package dev.channels.endpoint.request;

import dev.channels.Refusals;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts who is refused, at all doors.
 *
 * <p>Safe for use by any thread.
 */
public final class RefusalCounts {

    private final LongAdder origin = new LongAdder();
    private final LongAdder identity = new LongAdder();
    private final LongAdder policy = new LongAdder();
    private final LongAdder limits = new LongAdder();

    public RefusalCounts() {}

    public void origin() {
        origin.increment();
    }

    public void identity() {
        identity.increment();
    }

    public void policy() {
        policy.increment();
    }

    /** Counts what was one too many. */
    public void limit() {
        limits.increment();
    }

    /**
     * Reads the counts, one after another.
     *
     * @return what they say
     */
    public Refusals read() {
        return new Refusals(origin.sum(), identity.sum(), policy.sum(), limits.sum());
    }
}
