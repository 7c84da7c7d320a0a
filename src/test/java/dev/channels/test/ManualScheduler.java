package dev.channels.test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Keeps what is scheduled until the test runs it, and remembers the delays. */
public final class ManualScheduler extends ScheduledThreadPoolExecutor {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Long> delaysMillis = new ConcurrentLinkedQueue<>();

    public ManualScheduler() {
        super(0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        tasks.add(task);
        delaysMillis.add(unit.toMillis(delay));
        // Never runs by itself: the answer is only a handle.
        return super.schedule(() -> {}, 1, TimeUnit.DAYS);
    }

    public boolean runNext() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    public int size() {
        return tasks.size();
    }

    public Queue<Long> delaysMillis() {
        return delaysMillis;
    }
}
