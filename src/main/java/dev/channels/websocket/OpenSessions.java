package dev.channels.websocket;

import dev.channels.ErrorCode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions of one application. Looks after sends that do not end, because no server does
 * it reliably: some ignore the send timeout, one fails the send and leaves the session open.
 */
final class OpenSessions implements AutoCloseable {

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final long sendTimeoutNanos;
    private final Duration closeTimeout;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;

    private final Object lock = new Object();
    // Guarded by lock.
    private final Map<SessionSender, Runnable> sessions = new LinkedHashMap<>();
    private @Nullable Future<?> watch;
    private boolean closed;

    /**
     * Makes an empty collection.
     *
     * @param sendTimeout how long a session may have sends in flight without one of them ending
     * @param closeTimeout how long {@link #close} waits
     * @param executor closes sessions; never refuses, and never runs a task on the calling thread
     * @param scheduler looks after the sends
     */
    OpenSessions(
            Duration sendTimeout,
            Duration closeTimeout,
            Executor executor,
            ScheduledExecutorService scheduler) {
        this.sendTimeoutNanos = sendTimeout.toNanos();
        this.closeTimeout = closeTimeout;
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /**
     * Takes a session that has just been opened; one that comes too late is closed with 1001.
     *
     * @param disconnect ends the connection at once, if the session alone could not
     */
    void add(SessionSender session, Runnable disconnect) {
        if (!admit(session, disconnect)) {
            session.giveUp(SessionSender.stopping());
        }
    }

    private boolean admit(SessionSender session, Runnable disconnect) {
        synchronized (lock) {
            if (closed) {
                return false;
            }
            try {
                if (watch == null) {
                    long period =
                            Math.min(LONGEST_LOOK.toNanos(), Math.max(1, sendTimeoutNanos / 4));
                    watch =
                            scheduler.scheduleWithFixedDelay(
                                    this::giveUpStuck, period, period, TimeUnit.NANOSECONDS);
                }
            } catch (RuntimeException e) {
                // Whatever a container throws that is being stopped.
                Log.warn(
                        ErrorCode.EXECUTOR,
                        "The scheduler refuses tasks (is the server stopping?), so nobody would look"
                                + " after "
                                + session
                                + "; it is closed.",
                        e);
                return false;
            }
            sessions.put(session, disconnect);
            return true;
        }
    }

    void remove(SessionSender session) {
        synchronized (lock) {
            sessions.remove(session);
        }
    }

    private void giveUpStuck() {
        long moment = System.nanoTime() - sendTimeoutNanos;
        snapshot().forEach((session, disconnect) -> giveUpIfStuck(session, disconnect, moment));
    }

    private void giveUpIfStuck(SessionSender session, Runnable disconnect, long moment) {
        try {
            if (session.isStuckSince(moment)) {
                giveUp(session, disconnect);
            }
        } catch (RuntimeException e) {
            // A periodic task that throws is not run again, and the others need it.
            Log.warn(ErrorCode.EXECUTOR, session + " could not be looked after", e);
        }
    }

    private Map<SessionSender, Runnable> snapshot() {
        synchronized (lock) {
            return Map.copyOf(sessions);
        }
    }

    private void giveUp(SessionSender session, Runnable disconnect) {
        CloseReason reason =
                new CloseReason(CloseCodes.VIOLATED_POLICY, "The client does not read");
        executor.execute(
                () -> {
                    session.giveUp(reason);
                    disconnect.run();
                });
        remove(session);
        Log.warn(
                ErrorCode.CONSUMER_FAILED,
                session
                        + " is closed, since its client does not read: no send has ended for"
                        + " channels.ws-send-timeout.",
                null);
    }

    /**
     * Closes what is still open with 1001. Only sessions with a send in flight are left by then,
     * and a server may block in their close; so all are closed at once, and waited for with a
     * bound.
     */
    @Override
    public void close() {
        Map<SessionSender, Runnable> left;
        synchronized (lock) {
            closed = true;
            if (watch != null) {
                watch.cancel(false);
            }
            left = Map.copyOf(sessions);
            sessions.clear();
        }
        CountDownLatch closing = new CountDownLatch(left.size());
        left.forEach((session, disconnect) -> close(session, disconnect, closing));
        await(closing);
    }

    private void close(SessionSender session, Runnable disconnect, CountDownLatch closing) {
        Runnable close =
                () -> {
                    try {
                        session.giveUp(SessionSender.stopping());
                        disconnect.run();
                    } finally {
                        closing.countDown();
                    }
                };
        try {
            executor.execute(close);
        } catch (RuntimeException e) {
            closing.countDown();
            Log.warn(ErrorCode.EXECUTOR, session + " could not be closed; left to the server.", e);
        }
    }

    private void await(CountDownLatch closing) {
        try {
            if (!closing.await(closeTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.warn(
                        ErrorCode.STOP_TIMED_OUT,
                        closing.getCount() + " sessions did not close in time; left to the server.",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
