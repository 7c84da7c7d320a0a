package dev.channels.internal.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.internal.task.NodeLog;
import dev.channels.spi.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What waits for a broker that is away, to be tried again when it is said to be back, and now and
 * then before that: a call can fail between the end of an outage and the word of it. Safe for use
 * by any thread.
 *
 * <pre>
 *   EMPTY ──add──▶ WAITING ──delay over, broker back──▶ all are tried; who fails adds itself again
 * </pre>
 */
final class Retries {

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final NodeLog log;

    @GuardedBy("this")
    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    @GuardedBy("this")
    private List<Runnable> waiting = new ArrayList<>();

    @GuardedBy("this")
    private boolean scheduled;

    @GuardedBy("this")
    private boolean closed;

    Retries(Executor executor, ScheduledExecutorService scheduler, NodeLog log) {
        this.executor = executor;
        this.scheduler = scheduler;
        this.log = log;
    }

    /** Tries again later; what is tried must not throw, and adds itself again if it fails. */
    void add(Runnable attempt) {
        Duration delay;
        synchronized (this) {
            if (closed) {
                return;
            }
            waiting.add(attempt);
            if (scheduled) {
                return;
            }
            scheduled = true;
            delay = backoff.next();
        }
        try {
            var unused = scheduler.schedule(this::tryAll, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped. The next one schedules again.
            synchronized (this) {
                scheduled = false;
            }
            log.warn(
                    ErrorCode.EXECUTOR,
                    "join",
                    () ->
                            "The scheduler refuses tasks (is the server stopping?); who joins waits"
                                    + " for the next one, or until the backend says that the broker"
                                    + " is back.",
                    e);
        }
    }

    /** The broker is said to be back. */
    void brokerIsBack() {
        synchronized (this) {
            backoff.reset();
        }
        tryAll();
    }

    private void tryAll() {
        List<Runnable> due;
        synchronized (this) {
            scheduled = false;
            due = waiting;
            waiting = new ArrayList<>();
        }
        if (!due.isEmpty()) {
            executor.execute(() -> due.forEach(Runnable::run));
        }
    }

    /** Tries nothing more: the node stops. */
    synchronized void close() {
        closed = true;
        waiting = new ArrayList<>();
    }
}
