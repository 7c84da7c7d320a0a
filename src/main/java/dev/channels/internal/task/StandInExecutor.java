package dev.channels.internal.task;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Never refuses a task, and never runs one on the thread of its caller, which may hold up a
 * broker's client or the end of the application: threads of the library's own stand in where the
 * container's executor refuses, as Open Liberty's does while the server stops. They end when they
 * have been idle for a second, so nothing has to be closed.
 */
public final class StandInExecutor implements Executor {

    private static final int THREADS = 4;

    private final Executor executor;
    private final ThreadPoolExecutor standIn;
    private final Episode refusing = new Episode(System::nanoTime);

    /**
     * Makes an executor.
     *
     * @param executor runs the tasks it does not refuse
     */
    public StandInExecutor(Executor executor) {
        this.executor = executor;
        this.standIn =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread = new Thread(null, task, "channels-stand-in", 0, false);
                            thread.setContextClassLoader(StandInExecutor.class.getClassLoader());
                            thread.setDaemon(true);
                            return thread;
                        });
        this.standIn.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (Throwable e) {
            // Not only RejectedExecutionException: a container that is being stopped throws others,
            // and one that has no memory for a thread an error.
            standIn.execute(task);
            if (refusing.begin()) {
                standIn.execute(() -> tell(e));
            }
        }
    }

    /**
     * Runs a task on one of the few threads that stand in, whatever the executor does.
     *
     * @param task what to run
     */
    public void executeAside(Runnable task) {
        standIn.execute(task);
    }

    private static void tell(Throwable refusal) {
        Log.warn(
                ErrorCode.EXECUTOR,
                "The executor refuses tasks (is the server stopping?); they run on threads of the"
                        + " library's own until it takes them again.",
                refusal);
    }
}
