package dev.channels.internal.task;

import org.jspecify.annotations.Nullable;

/**
 * Jobs that one thread makes ready one after another, handed over to their pool several at a time:
 * ten thousand cost the pool's lock, and the tasks that it wakes, some forty times. The last
 * becomes the first of them, so that the task that serves them does not walk in step with the
 * thread that makes them ready again, and wait for it at each one. Not thread-safe; whoever adds
 * jobs hands over what is left at the end, and before it calls anybody who may take long.
 */
public final class ReadyJobs {

    /** So many wait for those behind them: some ten microseconds. */
    private static final int MOST = 256;

    private final JobQueue jobs = new JobQueue();
    private @Nullable DrainPool pool;

    /** Makes an empty collection. */
    public ReadyJobs() {}

    /**
     * Adds a job; with no lock held.
     *
     * @param of its pool
     * @param job must not be queued already
     */
    public void add(DrainPool of, PoolJob job) {
        if (pool != of) {
            handOver();
            pool = of;
        }
        jobs.addFirst(job);
        if (jobs.size() == MOST) {
            handOver();
        }
    }

    /** Hands over what is left; with no lock held. */
    public void handOver() {
        DrainPool current = pool;
        if (current != null && jobs.size() > 0) {
            current.ready(jobs);
        }
    }
}
