package dev.channels.endpoint.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks that block on an executor, few at once, in the order in which they come. What the
 * executor refuses waits for the next call. How many tasks wait may be bounded.
 */
public final class Lane implements Executor {

    private final Executor executor;
    private final int maxWaiting;

    @GuardedBy("this")
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private int width;

    @GuardedBy("this")
    private int running;

    @GuardedBy("this")
    private boolean refused;

    /**
     * Makes an empty lane.
     *
     * @param executor runs the tasks
     * @param width how many may run at once
     */
    public Lane(Executor executor, int width) {
        this(executor, width, Integer.MAX_VALUE);
    }

    /**
     * Makes an empty lane with a bound.
     *
     * @param maxWaiting how many tasks {@link #offer} lets wait
     */
    public Lane(Executor executor, int width, int maxWaiting) {
        this.executor = executor;
        this.width = width;
        this.maxWaiting = maxWaiting;
    }

    /** Lets more tasks run at once from now on. */
    public synchronized void widen(int more) {
        width = Math.max(width, more);
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            waiting.add(task);
        }
        start();
    }

    /** Takes a task, unless too many wait; tells whether it was taken. */
    public boolean offer(Runnable task) {
        synchronized (this) {
            if (waiting.size() >= maxWaiting) {
                return false;
            }
            waiting.add(task);
        }
        start();
        return true;
    }

    /** Forgets a task that waits and is of no use any more; does nothing if it has begun. */
    public synchronized void remove(Runnable task) {
        waiting.remove(task);
    }

    /** Starts again what an executor has refused. */
    public void startAgain() {
        boolean again;
        synchronized (this) {
            again = refused;
        }
        if (again) {
            start();
        }
    }

    private void start() {
        synchronized (this) {
            if (running >= width || waiting.isEmpty()) {
                return;
            }
            running++;
        }
        try {
            executor.execute(this::serve);
            synchronized (this) {
                refused = false;
            }
        } catch (Throwable e) {
            refused(e);
        }
    }

    /** Says once that an executor refuses, whatever a container throws that is being stopped. */
    private void refused(Throwable cause) {
        boolean first;
        synchronized (this) {
            running--;
            first = !refused;
            refused = true;
        }
        if (first) {
            Log.warn(
                    ErrorCode.EXECUTOR,
                    "The managed executor refuses a task (is the server stopping?), so connections"
                            + " are closed late, or by the server.",
                    cause);
        }
    }

    private void serve() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                Log.warn(ErrorCode.CONSUMER_FAILED, "A connection could not be seen to", e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = waiting.poll();
        if (task == null) {
            running--;
        }
        return task;
    }
}
