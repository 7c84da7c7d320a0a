package dev.channels.internal;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the statistics count; each adder is written by many threads and read seldom. */
final class Counters {
    final LongAdder published = new LongAdder();
    final LongAdder publishFailures = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder discarded = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder applicationFailures = new LongAdder();

    /** Why an event was skipped last, by whichever consumer. */
    private volatile @Nullable Throwable lastSkip;

    /** Tells whether an event is skipped for another reason than the one before. */
    boolean isNewSkip(Throwable cause) {
        boolean isNew = lastSkip != cause;
        lastSkip = cause;
        return isNew;
    }
}
