package dev.channels.internal.task;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the statistics count; each adder is written by many threads and read seldom. */
public final class Counters {

    /** Publishes that the broker accepted. */
    public final LongAdder published = new LongAdder();

    /** Publishes that failed or were refused. */
    public final LongAdder publishFailures = new LongAdder();

    /** Events that came from the broker for channels with members. */
    public final LongAdder received = new LongAdder();

    /** Events that came again. */
    public final LongAdder duplicates = new LongAdder();

    /** Events that were dropped for want of room in a backlog. */
    public final LongAdder dropped = new LongAdder();

    /** Events that were in a backlog when its stream ended. */
    public final LongAdder discarded = new LongAdder();

    /** Events that a consumer could not take. */
    public final LongAdder skipped = new LongAdder();

    /** Gaps that the backend told. */
    public final LongAdder gaps = new LongAdder();

    /** Throws of code of the application that is called here. */
    public final LongAdder applicationFailures = new LongAdder();

    /** Why an event was skipped last, by whichever consumer. */
    private volatile @Nullable Throwable lastSkip;

    /** Makes counters at zero. */
    public Counters() {}

    /**
     * Notes why an event is skipped.
     *
     * @param cause the reason
     * @return whether it is another one than that of the event before
     */
    public boolean isNewSkip(Throwable cause) {
        boolean isNew = lastSkip != cause;
        lastSkip = cause;
        return isNew;
    }
}
