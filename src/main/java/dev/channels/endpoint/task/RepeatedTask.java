package dev.channels.endpoint.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs in a period from its first need on.
 *
 * <pre>
 *   IDLE ── begin ──▶ RUNNING ── end ──▶ OVER
 *    ▲                  │                  ▲
 *    └── refused ◀──────┘                  └── end, from IDLE too
 * </pre>
 *
 * <p>Safe for use by any thread.
 */
public final class RepeatedTask {

    /** What there is while a scheduler is asked. */
    private static final Future<?> ASKED = CompletableFuture.completedFuture(null);

    private final ScheduledExecutorService scheduler;
    private final Runnable task;
    private final long periodNanos;

    @GuardedBy("this")
    private @Nullable Future<?> running;

    @GuardedBy("this")
    private boolean over;

    public RepeatedTask(ScheduledExecutorService scheduler, Runnable task, long periodNanos) {
        this.scheduler = scheduler;
        this.task = task;
        this.periodNanos = periodNanos;
    }

    /**
     * Begins, unless that was done, or it is over.
     *
     * @return what the scheduler throws instead; null if nothing
     */
    public @Nullable Throwable begin() {
        synchronized (this) {
            if (running != null || over) {
                return null;
            }
            running = ASKED;
        }
        try {
            Future<?> begun =
                    scheduler.scheduleWithFixedDelay(
                            task, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
            boolean late;
            synchronized (this) {
                running = begun;
                late = over;
            }
            if (late) {
                begun.cancel(false);
            }
            return null;
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped.
            synchronized (this) {
                running = null;
            }
            return e;
        }
    }

    /** Ends for ever. */
    public void end() {
        Future<?> ending;
        synchronized (this) {
            over = true;
            ending = running;
        }
        if (ending != null) {
            ending.cancel(false);
        }
    }
}
