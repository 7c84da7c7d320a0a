package dev.channels.websocket;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions of one application. Looks after sends that do not end, because no server does
 * it reliably: some ignore the send timeout, one fails the send and leaves the session open. Has
 * quiet clients pinged.
 */
final class OpenSessions implements AutoCloseable {

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    /** How long a connection may outlive its session when the application stops. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final long sendTimeoutNanos;
    private final long pingNanos;
    private final Duration closeTimeout;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;

    private final Object lock = new Object();
    // Guarded by lock.
    private final Map<SessionSender, Connection> sessions = new LinkedHashMap<>();
    private @Nullable Future<?> watch;
    private boolean closed;

    /**
     * Makes an empty collection.
     *
     * @param sendTimeout how long a session may have sends in flight without one of them ending
     * @param pingInterval how often a client is pinged; zero for never
     * @param closeTimeout how long {@link #close} waits
     * @param executor closes sessions; never refuses, and never runs a task on the calling thread
     * @param scheduler looks after the sends
     */
    OpenSessions(
            Duration sendTimeout,
            Duration pingInterval,
            Duration closeTimeout,
            Executor executor,
            ScheduledExecutorService scheduler) {
        this.sendTimeoutNanos = sendTimeout.toNanos();
        this.pingNanos = pingInterval.isZero() ? Long.MAX_VALUE : pingInterval.toNanos();
        this.closeTimeout = closeTimeout;
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /**
     * Takes a session that has just been opened; one that comes too late is closed with 1001.
     *
     * @param connection what it goes over
     */
    void add(SessionSender session, Connection connection) {
        if (!admit(session, connection)) {
            session.giveUp(SessionSender.stopping());
        }
    }

    private boolean admit(SessionSender session, Connection connection) {
        synchronized (lock) {
            if (closed) {
                return false;
            }
            try {
                if (watch == null) {
                    long shortest = Math.min(sendTimeoutNanos, pingNanos);
                    long period = Math.min(LONGEST_LOOK.toNanos(), Math.max(1, shortest / 4));
                    watch =
                            scheduler.scheduleWithFixedDelay(
                                    this::look, period, period, TimeUnit.NANOSECONDS);
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
            sessions.put(session, connection);
            return true;
        }
    }

    void remove(SessionSender session) {
        synchronized (lock) {
            sessions.remove(session);
        }
    }

    private void look() {
        long now = System.nanoTime();
        snapshot().forEach((session, connection) -> lookAt(session, connection, now));
    }

    private void lookAt(SessionSender session, Connection connection, long now) {
        try {
            if (session.isStuckSince(now - sendTimeoutNanos)) {
                giveUp(session, connection);
            } else {
                session.pingIfDue(now, pingNanos);
            }
        } catch (RuntimeException e) {
            // A periodic task that throws is not run again, and the others need it.
            Log.warn(ErrorCode.EXECUTOR, session + " could not be looked after", e);
        }
    }

    private Map<SessionSender, Connection> snapshot() {
        synchronized (lock) {
            return Map.copyOf(sessions);
        }
    }

    private void giveUp(SessionSender session, Connection connection) {
        CloseReason reason =
                new CloseReason(CloseCodes.VIOLATED_POLICY, "The client does not read");
        executor.execute(
                () -> {
                    try {
                        session.giveUp(reason);
                    } finally {
                        connection.end();
                    }
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
     * bound. A client that is only slow has a second to read to the end, where its connection would
     * stay otherwise.
     */
    @Override
    public void close() {
        Map<SessionSender, Connection> left;
        synchronized (lock) {
            closed = true;
            if (watch != null) {
                watch.cancel(false);
            }
            left = Map.copyOf(sessions);
            sessions.clear();
        }
        CountDownLatch closing = new CountDownLatch(left.size());
        left.keySet().forEach(session -> close(session, closing));
        await(closing);
        end(left.values());
    }

    private void close(SessionSender session, CountDownLatch closing) {
        Runnable close =
                () -> {
                    try {
                        session.giveUp(SessionSender.stopping());
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

    private static void end(Collection<Connection> connections) {
        long deadline = System.nanoTime() + LINGER.toNanos();
        while (connections.stream().anyMatch(Connection::isOpen)
                && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        connections.forEach(Connection::end);
    }
}
