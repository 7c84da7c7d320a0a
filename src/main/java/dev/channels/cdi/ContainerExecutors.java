package dev.channels.cdi;

import dev.channels.config.ChannelsConfig;
import dev.channels.config.Key;
import dev.channels.config.Values;
import dev.channels.internal.Log;
import dev.channels.internal.StandInExecutor;
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
 * works only on the container's own threads; or the library's own where there is no container.
 *
 * @param executor runs tasks with the context of the application, and never refuses one
 * @param scheduler runs tasks later
 * @param own what must be shut down, being the library's own
 */
record ContainerExecutors(
        Executor executor, ScheduledExecutorService scheduler, @Nullable Own own) {

    /** The library's own executors. */
    record Own(ExecutorService executor, ScheduledExecutorService scheduler) {}

    /**
     * Finds the executors.
     *
     * @param config names them
     * @param values takes the problem with one that was set and is not there
     * @return the container's, or the library's own where the default ones are not there
     */
    static ContainerExecutors find(ChannelsConfig config, Values values) {
        ExecutorService managed =
                lookUp(
                        ExecutorService.class,
                        Key.MANAGED_EXECUTOR,
                        config.managedExecutor(),
                        values);
        ScheduledExecutorService scheduled =
                lookUp(
                        ScheduledExecutorService.class,
                        Key.MANAGED_SCHEDULED_EXECUTOR,
                        config.managedScheduledExecutor(),
                        values);
        if (managed != null && scheduled != null) {
            return new ContainerExecutors(
                    new StandInExecutor(ApplicationContext.around(managed)), scheduled, null);
        }
        Log.state(
                "No managed executors are there ("
                        + config.managedExecutor()
                        + ", "
                        + config.managedScheduledExecutor()
                        + "); Channels EE runs on threads of its own.");
        Own own = ownExecutors(config.sendConcurrency());
        return new ContainerExecutors(new StandInExecutor(own.executor()), own.scheduler(), own);
    }

    // The name is the deployer's, from the configuration, like that of any resource.
    @SuppressWarnings("BanJNDI")
    private static <T> @Nullable T lookUp(Class<T> type, Key key, String name, Values values) {
        try {
            return type.cast(new InitialContext().lookup(name));
        } catch (NamingException | ClassCastException | LinkageError e) {
            if (!name.equals(key.defaultValue())) {
                values.problem(
                        key.key(),
                        "there is no such executor in JNDI (" + e + ")",
                        "Define it on the server, or leave the key out for "
                                + key.defaultValue()
                                + ".");
            }
            return null;
        }
    }

    private static Own ownExecutors(int sendConcurrency) {
        // Senders and callbacks each use so many, as long as none blocks, and publishing, waiting
        // and
        // listeners one each.
        int threads = 2 * sendConcurrency + 3;
        ThreadFactory daemons = daemonThreads();
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        5,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        daemons);
        executor.allowCoreThreadTimeOut(true);
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, daemons);
        scheduler.setRemoveOnCancelPolicy(true);
        return new Own(executor, scheduler);
    }

    private static ThreadFactory daemonThreads() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "channels-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends the library's own threads; the container's executors are the container's to end. */
    void close() {
        if (own != null) {
            own.executor().shutdown();
            own.scheduler().shutdownNow();
        }
    }
}
