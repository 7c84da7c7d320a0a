package dev.channels.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    private static final System.Logger LOGGER = System.getLogger("dev.channels.websocket");
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(8);

    private final Set<SessionSender> sessions = ConcurrentHashMap.newKeySet();
    private final long timeoutNanos;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private @Nullable Future<?> watch;

    OpenSessions(Duration sendTimeout, Executor executor, ScheduledExecutorService scheduler) {
        this.timeoutNanos = sendTimeout.toNanos();
        this.executor = executor;
        this.scheduler = scheduler;
    }

    synchronized void add(SessionSender session) {
        sessions.add(session);
        if (watch == null) {
            long period = Math.min(LONGEST_LOOK.toNanos(), Math.max(1, timeoutNanos / 4));
            watch =
                    scheduler.scheduleWithFixedDelay(
                            this::giveUpStuck, period, period, TimeUnit.NANOSECONDS);
        }
    }

    void remove(SessionSender session) {
        sessions.remove(session);
    }

    private void giveUpStuck() {
        long moment = System.nanoTime() - timeoutNanos;
        List<SessionSender> stuck =
                sessions.stream().filter(session -> session.isStuckSince(moment)).toList();
        CloseReason reason =
                new CloseReason(CloseCodes.VIOLATED_POLICY, "The client does not read");
        for (SessionSender session : stuck) {
            sessions.remove(session);
            LOGGER.log(
                    Level.INFO,
                    () -> session + " is closed: a send took longer than channels.ws-send-timeout");
            executor.execute(() -> session.giveUp(reason));
        }
    }

    /**
     * Closes what is still open with 1001. Only sessions with a send in flight are left by then,
     * and a server may block in their close; so all are closed at once, and waited for with a
     * bound.
     */
    @Override
    public synchronized void close() {
        if (watch != null) {
            watch.cancel(false);
            watch = null;
        }
        List<SessionSender> left = List.copyOf(sessions);
        sessions.clear();
        CloseReason reason = new CloseReason(CloseCodes.GOING_AWAY, "The application is stopping");
        CountDownLatch closed = new CountDownLatch(left.size());
        for (SessionSender session : left) {
            executor.execute(
                    () -> {
                        session.giveUp(reason);
                        closed.countDown();
                    });
        }
        try {
            if (!closed.await(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.log(
                        Level.WARNING,
                        () ->
                                closed.getCount()
                                        + " sessions did not close in time; left to the server");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
