package dev.channels.test;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what is scheduled until the test runs it, and remembers the delays. It has no threads: an
 * executor without core threads that waits for a task wakes up a hundred times a second.
 */
public final class ManualScheduler extends ScheduledThreadPoolExecutor {

    private final Queue<Timer> timers = new ConcurrentLinkedQueue<>();
    private final Queue<Long> delaysMillis = new ConcurrentLinkedQueue<>();

    public ManualScheduler() {
        super(0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        Timer timer = new Timer(task);
        timers.add(timer);
        delaysMillis.add(unit.toMillis(delay));
        return timer;
    }

    public boolean runNext() {
        Timer timer = timers.poll();
        if (timer == null) {
            return false;
        }
        timer.task.run();
        return true;
    }

    public int size() {
        return timers.size();
    }

    /** Returns what is scheduled and has not run, also what was cancelled. */
    public Queue<? extends Future<?>> timers() {
        return timers;
    }

    public Queue<Long> delaysMillis() {
        return delaysMillis;
    }

    /** A task, also once it was cancelled. */
    private static final class Timer extends CompletableFuture<Void>
            implements ScheduledFuture<Void> {

        private final Runnable task;

        Timer(Runnable task) {
            this.task = task;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(1, TimeUnit.DAYS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(
                    getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
