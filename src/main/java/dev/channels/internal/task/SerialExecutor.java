package dev.channels.internal.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time and in order on another executor. What a task throws is logged, and the
 * next ones follow. Only so many may wait: behind a task that blocks for ever they would be without
 * end.
 */
public final class SerialExecutor implements Executor {

    private final SureExecutor executor;
    private final int maxWaiting;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean running;

    /**
     * Makes an executor without tasks.
     *
     * @param executor runs them
     * @param maxWaiting how many may wait for those before them
     */
    public SerialExecutor(SureExecutor executor, int maxWaiting) {
        this.executor = executor;
        this.maxWaiting = maxWaiting;
    }

    /** Runs a task behind those that wait; leaves it out if they are too many. */
    @Override
    public void execute(Runnable task) {
        var unused = offer(task);
    }

    /**
     * Runs a task behind those that wait.
     *
     * @param task the task
     * @return false if they are too many; it never runs then
     */
    public boolean offer(Runnable task) {
        synchronized (lock) {
            if (waiting.size() >= maxWaiting) {
                return false;
            }
            waiting.add(task);
            if (running) {
                return true;
            }
            running = true;
        }
        executor.execute(this::runAll);
        return true;
    }

    private void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                Log.warn(
                        ErrorCode.EXECUTOR,
                        "A task of the plugin threw; the ones behind it are run",
                        e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (lock) {
            Runnable task = waiting.poll();
            running = task != null;
            return task;
        }
    }
}
