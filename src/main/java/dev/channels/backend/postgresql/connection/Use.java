package dev.channels.backend.postgresql.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One use of a connection, from its beginning to its end, and the right to break it off meanwhile.
 *
 * <p>A use that is broken off ends only after its connection is aborted, so that the abort hits
 * neither the next use of that connection nor whoever a pool lends it to next.
 *
 * <pre>
 *   RUNNING ──────── breakOff ───────▶ BREAKING ── the abort is over ──▶ BROKEN
 *      │ end                               │ end: waits for the abort      │ end
 *      ▼                                   └───────────────┬───────────────┘
 *    ENDED: the connection works                           ▼
 *                                         ENDED: the connection is of no more use
 * </pre>
 */
final class Use {

    /** The abort of a connection that still hangs is left behind after that. */
    private static final long LONGEST_ABORT_MILLIS = 500;

    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch aborted = new CountDownLatch(1);

    @GuardedBy("lock")
    private long deadline;

    @GuardedBy("lock")
    private boolean breaking;

    @GuardedBy("lock")
    private boolean ended;

    /**
     * Begins a use.
     *
     * @param connection what is used
     * @param nanos how long it may take
     */
    Use(Connection connection, long nanos) {
        this.connection = connection;
        allow(nanos);
    }

    /** Sets how long the use may take from now on. */
    void allow(long nanos) {
        lock.lock();
        try {
            deadline = System.nanoTime() + nanos;
        } finally {
            lock.unlock();
        }
    }

    /** Breaks the use off if its time is over; neither throws nor waits. */
    void breakOffIfOverdue() {
        lock.lock();
        try {
            if (System.nanoTime() - deadline > 0) {
                breakOff();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Breaks the use off unless it has ended; neither throws nor waits. */
    void breakOff() {
        lock.lock();
        try {
            if (!ended && !breaking) {
                breaking = Aborts.begin(connection, aborted::countDown);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the use; called by the thread whose use it is.
     *
     * @return whether the connection is of no more use, because it was broken off
     */
    boolean end() {
        lock.lock();
        try {
            ended = true;
            if (!breaking) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        try {
            if (!aborted.await(LONGEST_ABORT_MILLIS, TimeUnit.MILLISECONDS)) {
                return true; // it hangs in the end of a connection that nobody will use again
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** Ends connections from outside. */
    static final class Aborts {

        private Aborts() {}

        /**
         * Aborts a connection on another thread: the end of a TLS connection waits for the write
         * that it is to end.
         *
         * @return whether there was a thread to be had
         */
        static boolean begin(Connection connection, Runnable afterwards) {
            try {
                DaemonThread.thread(
                                "abort",
                                () -> {
                                    abort(connection);
                                    afterwards.run();
                                })
                        .start();
                return true;
            } catch (OutOfMemoryError e) {
                return false; // the next look at it tries again
            }
        }

        private static void abort(Connection connection) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException | RuntimeException | AbstractMethodError e) {
                // It is broken already, or knows no abort: its own timeouts end it.
            }
        }
    }
}
