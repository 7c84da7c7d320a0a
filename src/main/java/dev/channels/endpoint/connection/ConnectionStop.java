package dev.channels.endpoint.connection;

import dev.channels.ErrorCode;
import dev.channels.endpoint.task.Lane;
import dev.channels.spi.Log;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Ends the connections that are left when their application stops, within bounds. */
final class ConnectionStop {

    /** How long a connection may outlive its session. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(20);

    /** How many threads may wait for clients that do not read: time is short. */
    private static final int CLOSING = 64;

    private final Lane closing;
    private final Duration closeTimeout;

    ConnectionStop(Lane closing, Duration closeTimeout) {
        this.closing = closing;
        this.closeTimeout = closeTimeout;
    }

    /**
     * Gives connections up one after another in even steps. Blocks for that time; an interrupt ends
     * it early.
     */
    static void inSteps(List<OpenConnection> left, Duration time, Consumer<OpenConnection> giveUp) {
        long begin = System.nanoTime();
        for (int i = 0; i < left.size() && !Thread.currentThread().isInterrupted(); i++) {
            long due = begin + time.toNanos() / left.size() * i;
            while (due - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            giveUp.accept(left.get(i));
        }
    }

    /**
     * Closes connections. A server may block in the close of one that has a send in flight, so many
     * are closed at once, and waited for with a bound.
     */
    void close(List<OpenConnection> left) {
        closing.widen(CLOSING);
        CountDownLatch open = new CountDownLatch(left.size());
        left.forEach(connection -> connection.giveUp(Ending.STOPPING));
        left.forEach(
                connection ->
                        closing.execute(
                                () -> {
                                    try {
                                        connection.close();
                                    } finally {
                                        open.countDown();
                                    }
                                }));
        await(open);
    }

    private void await(CountDownLatch open) {
        try {
            if (!open.await(closeTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.warn(
                        ErrorCode.STOP_TIMED_OUT,
                        open.getCount() + " connections did not close in time; left to the server.",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends connections that are closed, or about to be. A client that is only slow, or was sent
     * away just now, has a second to read to the end. One of Open Liberty lets its client read the
     * close before it ends, and wants to be asked again; it has had the time, and nobody asks once
     * the application has stopped.
     */
    static void end(Collection<OpenConnection> connections) {
        long deadline = System.nanoTime() + LINGER.toNanos();
        while (connections.stream().anyMatch(OpenConnection::isConnected)
                && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        connections.forEach(OpenConnection::terminate);
        connections.stream().filter(OpenConnection::isConnected).forEach(OpenConnection::terminate);
    }
}
