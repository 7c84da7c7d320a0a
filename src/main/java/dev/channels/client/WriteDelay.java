package dev.channels.client;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Lets the flushes of one connection wait for other messages, where the configuration has it so:
 * those that come within the delay leave with the first one. Safe for use by any thread.
 */
final class WriteDelay implements Consumer<Runnable> {

    private final String name;
    private final Duration delay;
    private final ScheduledExecutorService scheduler;
    private final Executor executor;
    private final AtomicBoolean planned = new AtomicBoolean();

    /**
     * Makes the delay of one connection.
     *
     * @param name what the log calls the connection
     * @param delay zero for none
     * @param scheduler tells when it is over
     * @param executor flushes then
     */
    WriteDelay(String name, Duration delay, ScheduledExecutorService scheduler, Executor executor) {
        this.name = name;
        this.delay = delay;
        this.scheduler = scheduler;
        this.executor = executor;
    }

    /** Runs a flush after the delay, unless one is planned already; at once where there is none. */
    @Override
    public void accept(Runnable flush) {
        if (delay.isZero()) {
            flush.run();
        } else if (planned.compareAndSet(false, true)) {
            Runnable due =
                    () -> {
                        planned.set(false);
                        flush.run();
                    };
            try {
                Future<?> unused =
                        scheduler.schedule(
                                () -> handOver(due), delay.toNanos(), TimeUnit.NANOSECONDS);
            } catch (Throwable e) {
                // Whatever a container throws that is being stopped.
                runHere(due, e);
            }
        }
    }

    private void handOver(Runnable due) {
        try {
            executor.execute(due);
        } catch (Throwable e) {
            runHere(due, e);
        }
    }

    private void runHere(Runnable due, Throwable why) {
        Log.detail(ErrorCode.EXECUTOR, () -> name + " does not wait", why);
        due.run();
    }
}
