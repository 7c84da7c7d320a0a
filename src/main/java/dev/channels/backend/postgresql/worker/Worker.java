package dev.channels.backend.postgresql.worker;

import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.DaemonThread;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.spi.Backoff;
import dev.channels.spi.Log;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread of its own that keeps one connection to the database and does one job with it, until
 * stopped. JDBC blocks, which a managed thread must not.
 *
 * <pre>
 *   CONNECTING ── Job.connected returns ──▶ WORKING ── Job.step, again and again ──┐
 *       ▲                                      │  ▲                                │
 *       │ after the back-off                   │  └────────────────────────────────┘
 *       │                                      │ either throws
 *       └───────────── Job.lost ◀──────────────┘
 *
 *   any ── stop ──▶ the thread ends
 * </pre>
 */
public final class Worker implements Runnable {

    /** What a worker does. All methods are called by the worker's thread. */
    public interface Job {

        /** Does what a new connection needs. */
        void connected(SupervisedConnection database) throws Exception;

        /** Waits for something to do, at most some seconds or until woken, and does it. */
        void step(SupervisedConnection database) throws Exception;

        /** Gives up what was waiting: the connection is lost, or was not to be had. */
        void lost(Throwable cause);

        /** Ends the waiting of a step; called by any thread. */
        void wake();
    }

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);
    private static final long STABLE_NANOS = Duration.ofMillis(250).toNanos();

    private final Job job;
    private final SupervisedConnection database;
    private final Health health;
    private final Failures failures;
    private final CountDownLatch stopping;
    private final Thread thread;
    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    /**
     * Makes a worker, which does nothing before {@link #start}.
     *
     * @param name what the worker is, for the name of its thread
     * @param job what to do
     * @param database the way to the database
     * @param health is told whether there is a connection
     * @param failures says what a failure means
     * @param stopping open when the worker is to end
     */
    public Worker(
            String name,
            Job job,
            SupervisedConnection database,
            Health health,
            Failures failures,
            CountDownLatch stopping) {
        this.job = job;
        this.database = database;
        this.stopping = stopping;
        this.health = health;
        this.failures = failures;
        this.thread = DaemonThread.thread(name, this);
    }

    public void start() {
        thread.start();
    }

    public void wake() {
        job.wake();
    }

    /** Breaks off what the database is being waited for. */
    public void abort() {
        database.abort();
    }

    /** Breaks off what takes longer than it may. */
    public void abortIfOverdue() {
        database.abortIfOverdue();
    }

    /** Waits for the end of the thread; true if it has ended. */
    public boolean join(Duration atMost) throws InterruptedException {
        thread.join(Math.max(1, atMost.toMillis()));
        return !thread.isAlive();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    @Override
    public void run() {
        while (!isStopping()) {
            try {
                work();
            } catch (Throwable e) { // whatever it is, this thread must survive it
                giveUp(e);
                pause(backoff.next().toNanos());
            }
        }
        survive(() -> job.lost(new SQLException("The backend was stopped", "57P01")));
        survive(database::close);
    }

    private void work() throws Exception {
        int verified = health.number();
        job.connected(database);
        health.up(verified);
        long connectedAt = System.nanoTime();
        try {
            while (!isStopping()) {
                verified = verify(verified);
                job.step(database);
            }
        } finally {
            if (System.nanoTime() - connectedAt > STABLE_NANOS) {
                backoff.reset();
            }
        }
    }

    /**
     * Those who wait are told first: closing waits for a broken connection, and may fail itself.
     */
    private void giveUp(Throwable cause) {
        survive(() -> health.down(failures.reported(cause)));
        survive(() -> job.lost(cause));
        survive(database::close);
    }

    private static void survive(Runnable part) {
        try {
            part.run();
        } catch (Throwable e) {
            Log.detail(ErrorCode.STATE, () -> "giving up a connection failed", e);
        }
    }

    /** Makes sure of the connection if another part has lost its own. */
    private int verify(int verified) throws SQLException {
        int number = health.number();
        if (number != verified) {
            database.probe();
            health.up(number);
        }
        return number;
    }

    private void pause(long nanos) {
        try {
            if (stopping.await(nanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            // Nobody but a stranger interrupts this thread; stopping has its own latch.
        }
    }
}
