package dev.channels.internal.task;

import dev.channels.ChannelsStatistics;
import dev.channels.Refusals;
import java.util.concurrent.atomic.LongAdder;

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

    /** Reads of a history from the broker. */
    public final LongAdder historyReads = new LongAdder();

    /** Throws of code of the application that is called here. */
    public final LongAdder applicationFailures = new LongAdder();

    private volatile Durations durations = Durations.NONE;
    private volatile Tracing tracing = Tracing.NONE;

    /** What was counted when it was read. */
    private record Reading(
            long published,
            long publishFailures,
            long received,
            long duplicates,
            long dropped,
            long discarded,
            long skipped,
            long gaps,
            long historyReads,
            long applicationFailures,
            Refusals refusals,
            int subscribers,
            int waitingPublishes)
            implements ChannelsStatistics {}

    /** Makes counters at zero. */
    public Counters() {}

    /**
     * Has durations told, or told no more.
     *
     * @param told is told from now on
     */
    public void record(Durations told) {
        durations = told;
    }

    /**
     * Has events followed, or followed no more.
     *
     * @param following follows them from now on
     */
    public void trace(Tracing following) {
        tracing = following;
    }

    /**
     * Returns who follows events.
     *
     * @return {@link Tracing#NONE} where nobody does
     */
    public Tracing tracing() {
        return tracing;
    }

    /**
     * Returns who is told how long things take.
     *
     * @return {@link Durations#NONE} where nobody is, and no clock need be asked
     */
    public Durations durations() {
        return durations;
    }

    /**
     * Reads them, one after another.
     *
     * @param refusals how often clients were refused
     * @param subscribers how many subscribers there are
     * @param waitingPublishes how many publishes wait for the broker
     * @return what they say, with these
     */
    public ChannelsStatistics read(Refusals refusals, int subscribers, int waitingPublishes) {
        return new Reading(
                published.sum(),
                publishFailures.sum(),
                received.sum(),
                duplicates.sum(),
                dropped.sum(),
                discarded.sum(),
                skipped.sum(),
                gaps.sum(),
                historyReads.sum(),
                applicationFailures.sum(),
                refusals,
                subscribers,
                waitingPublishes);
    }
}
