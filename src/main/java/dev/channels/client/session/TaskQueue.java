package dev.channels.client.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after another, in the order in which they come, on the threads of those who bring
 * them: who finds nobody at work works until nothing is left. A task must not block, nor call code
 * of the application: the thread may be that of the scheduler, or one that sends to other clients.
 */
final class TaskQueue implements Executor {

    private record Task(Runnable task, int size) {}

    private final long maxSize;
    private final Consumer<Throwable> failures;

    @GuardedBy("this")
    private final Queue<Task> waiting = new ArrayDeque<>(1);

    @GuardedBy("this")
    private long size;

    @GuardedBy("this")
    private boolean busy;

    /**
     * Makes an empty queue.
     *
     * @param maxSize how much may wait of what is offered
     * @param failures told what a task throws; the next ones follow
     */
    TaskQueue(long maxSize, Consumer<Throwable> failures) {
        this.maxSize = maxSize;
        this.failures = failures;
    }

    /** Runs a task of which there are few. */
    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            waiting.add(new Task(task, 0));
        }
        runAll();
    }

    /**
     * Runs a task of which there may be any number.
     *
     * @param size what it keeps while it waits
     * @return false if too much waits already; it never runs then
     */
    boolean offer(Runnable task, int size) {
        synchronized (this) {
            if (!waiting.isEmpty() && this.size + size > maxSize) {
                return false;
            }
            this.size += size;
            waiting.add(new Task(task, size));
        }
        runAll();
        return true;
    }

    private void runAll() {
        synchronized (this) {
            if (busy) {
                return;
            }
            busy = true;
        }
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failures.accept(e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Task next = waiting.poll();
        if (next == null) {
            busy = false;
            return null;
        }
        size -= next.size();
        return next.task();
    }
}
