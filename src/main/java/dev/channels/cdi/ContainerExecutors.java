package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.config.ChannelsConfig;
import dev.channels.config.Keys;
import dev.channels.config.Values;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.Key;
import dev.channels.spi.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * The executors that everything runs on: the container's, looked up once at boot, because a look-up
 * works only on the container's own threads; or the library's own where there is none.
 *
 * @param executor runs each task once, with the context of the application, and never refuses one
 * @param scheduler runs tasks later
 * @param own those of the two that are the library's own, and must be shut down
 * @param missing the JNDI names in whose place they are
 */
record ContainerExecutors(
        SureExecutor executor,
        ScheduledExecutorService scheduler,
        List<ExecutorService> own,
        List<String> missing) {

    /**
     * Finds the executors.
     *
     * @param config names them
     * @param values takes the problem with one that was set and is not there
     * @return the container's, or the library's own where the default ones are not there
     */
    static ContainerExecutors find(ChannelsConfig config, Values values) {
        List<ExecutorService> own = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        ThreadFactory daemons = daemonThreads();
        Executor executor;
        ExecutorService managed =
                lookUp(
                        ExecutorService.class,
                        Keys.MANAGED_EXECUTOR,
                        config.managedExecutor(),
                        values);
        if (managed != null) {
            executor = ContextExecutor.around(managed);
        } else {
            ExecutorService made = ownExecutor(config.sendConcurrency(), daemons);
            own.add(made);
            missing.add(config.managedExecutor());
            executor = made;
        }
        ScheduledExecutorService scheduler =
                lookUp(
                        ScheduledExecutorService.class,
                        Keys.MANAGED_SCHEDULED_EXECUTOR,
                        config.managedScheduledExecutor(),
                        values);
        if (scheduler == null) {
            scheduler = ownScheduler(daemons);
            own.add(scheduler);
            missing.add(config.managedScheduledExecutor());
        }
        if (!missing.isEmpty()) {
            Log.state(
                    "There is no "
                            + String.join(" and no ", missing)
                            + "; Channels EE runs on threads of its own.");
        }
        StandInExecutor standIn = new StandInExecutor(executor);
        Executor aside = ContextExecutor.beside(executor, standIn::executeAside);
        SureExecutor sure = SureExecutor.on(standIn, aside, scheduler, System::nanoTime);
        return new ContainerExecutors(sure, scheduler, own, missing);
    }

    // The name is the deployer's, from the configuration, like that of any resource.
    @SuppressWarnings("BanJNDI")
    private static <T> @Nullable T lookUp(
            Class<T> type, Key<String> key, String name, Values values) {
        try {
            return type.cast(new InitialContext().lookup(name));
        } catch (NamingException | ClassCastException | LinkageError e) {
            if (!name.equals(key.defaultValue())) {
                values.problem(
                        key,
                        "there is no such executor in JNDI (" + e + ")",
                        "Define it on the server, or leave the key out for "
                                + key.defaultValue()
                                + ".");
            }
            return null;
        }
    }

    private static ExecutorService ownExecutor(int sendConcurrency, ThreadFactory daemons) {
        // Senders and callbacks each use so many, as long as none blocks, and publishing, waiting
        // and listeners one each.
        int threads = 2 * sendConcurrency + 3;
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        5,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        daemons);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static ScheduledExecutorService ownScheduler(ThreadFactory daemons) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, daemons);
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    private static ThreadFactory daemonThreads() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "channels-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Warns that a container has no managed executors for the application: callbacks then run
     * without its context.
     */
    void warnOfOwnThreads() {
        if (!missing.isEmpty()) {
            Log.warn(
                    ErrorCode.EXECUTOR,
                    "This server gives the application no "
                            + String.join(" and no ", missing)
                            + ", so callbacks may run without its context. Enable what is missing"
                            + " (on Open Liberty the features concurrent-3.0 and jndi-1.0). In an"
                            + " EAR, put the library into the WEB-INF/lib of the WAR.",
                    null);
        }
    }

    /** Ends the library's own threads; the container's executors are the container's to end. */
    void close() {
        executor.rest();
        own.forEach(ExecutorService::shutdown);
    }
}
