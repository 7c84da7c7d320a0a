package dev.channels.internal.task;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs tasks one at a time and in order on another executor. */
public final class SerialExecutor implements Executor {

    private final Executor executor;
    private final Object lock = new Object();
    // Writes guarded by lock.
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    /**
     * Makes an executor without tasks.
     *
     * @param executor runs them
     */
    public SerialExecutor(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (lock) {
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::runAll);
    }

    private void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
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
