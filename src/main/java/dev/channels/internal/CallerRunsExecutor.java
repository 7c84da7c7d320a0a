package dev.channels.internal;

import dev.channels.ErrorCode;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs a task on the caller's thread where the container's executor refuses it, as Open Liberty's
 * does while the server stops: what was accepted is still delivered, and nothing waits for a task
 * that never comes.
 */
public final class CallerRunsExecutor implements Executor {

    private final Executor executor;
    private final Episode refusing = new Episode();

    /**
     * Makes an executor.
     *
     * @param executor runs the tasks it does not refuse
     */
    public CallerRunsExecutor(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
            refusing.end();
        } catch (RejectedExecutionException e) {
            if (refusing.begin()) {
                Log.warn(
                        ErrorCode.EXECUTOR,
                        "The executor refuses tasks (is the server stopping?); they run on the"
                                + " threads of their callers from now on.",
                        e);
            }
            task.run();
        }
    }
}
