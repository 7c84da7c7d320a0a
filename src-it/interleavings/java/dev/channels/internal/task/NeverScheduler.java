package dev.channels.internal.task;

import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Runs nothing, and remembers what it was given last: interleavings take no time. */
public final class NeverScheduler extends ScheduledThreadPoolExecutor {

    private final AtomicReference<Runnable> last = new AtomicReference<>();

    public NeverScheduler() {
        super(0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        last.set(task);
        return new Never();
    }

    /** Returns what was scheduled last. */
    public Runnable last() {
        return last.get();
    }

    private static final class Never extends FutureTask<Void> implements ScheduledFuture<Void> {
        Never() {
            super(() -> null);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }
}
