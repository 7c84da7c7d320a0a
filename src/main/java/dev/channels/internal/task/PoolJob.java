package dev.channels.internal.task;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link DrainPool} runs turn by turn. It carries the pool's queue in itself, so that
 * queueing allocates nothing; it belongs to one pool, and is queued there once at a time.
 */
public abstract class PoolJob {

    /**
     * The job behind this one; of whoever makes jobs ready until they are handed over, then guarded
     * by the lock of the pool.
     */
    @Nullable PoolJob next;

    /** Makes a job that is not queued. */
    protected PoolJob() {}

    /**
     * Takes a turn; on a task of the pool, never on two at once. Must not throw.
     *
     * @param now when it begins, by the clock of the pool
     * @return whether it must be queued again
     */
    protected abstract boolean run(long now);

    /**
     * Tells whether a turn may take long; the pool looks after it then.
     *
     * @return always the same
     */
    protected abstract boolean mayBlock();
}
