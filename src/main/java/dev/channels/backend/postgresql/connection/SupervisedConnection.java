package dev.channels.backend.postgresql.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread's connection to the database: one of its own that is kept, or one from a pool for each
 * use. Used by one thread; only {@link #abort} and {@link #abortIfOverdue} may be called by others.
 *
 * <p>A use has a deadline, for no timeout of JDBC bounds it: pgjdbc's {@code socketTimeout} is one
 * of reading, so that sending to a host that vanished lasts as long as the operating system tries,
 * and a wait for notifications switches it off at the first byte ({@code
 * QueryExecutorImpl.processNotifies}).
 */
public final class SupervisedConnection {

    /** Something to be done with a connection. */
    @FunctionalInterface
    public interface Task<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Something to be done with a connection that has no result. */
    @FunctionalInterface
    public interface Action {
        void run(Connection connection) throws SQLException;
    }

    /** Something to be done within a use. */
    @FunctionalInterface
    public interface Part<T> {
        T run() throws SQLException;
    }

    private static final int MAX_BROKEN = 20;

    /** More answers than any use waits for, apart from those with many bytes. */
    private static final int MOST_ANSWERS = 12;

    /** Of the slowest network that is worth the waiting: a megabyte per second. */
    private static final long NANOS_PER_BYTE = 1_000;

    private final Connections connections;
    private final int timeoutMillis;
    private final ReentrantLock lock = new ReentrantLock();

    /** Whether a pool's connection has to be asked whether it works; used by the one thread. */
    private boolean suspicious = true;

    @GuardedBy("lock")
    private @Nullable Connection current;

    @GuardedBy("lock")
    private @Nullable Use use;

    @GuardedBy("lock")
    private boolean aborted;

    public SupervisedConnection(Connections connections, Duration timeout) {
        this.connections = connections;
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
    }

    /**
     * Does something with the connection, opening one if there is none. A task that throws anything
     * but an {@link SQLException} leaves a connection of which nobody knows what it waits for: it
     * is not used again.
     *
     * @param task what to do
     * @param <T> what it returns
     * @return what the task returned
     * @throws SQLException if the task failed, or this connection was aborted
     */
    public <T> T run(Task<T> task) throws SQLException {
        boolean pooled = connections.pooled();
        Connection connection = pooled && suspicious ? borrowValid() : open();
        suspicious = true;
        int before = pooled ? boundWaiting(connection) : -1;
        boolean usable = false;
        try {
            T result = watched(task, connection);
            usable = !pooled;
            suspicious = false;
            return result;
        } catch (SQLException e) {
            usable = !pooled;
            throw e;
        } finally {
            if (before >= 0) {
                restoreWaiting(connection, before);
            }
            if (!usable) {
                close();
            }
        }
    }

    private <T> T watched(Task<T> task, Connection connection) throws SQLException {
        Use using = begin(connection);
        boolean answered = false;
        try {
            T result = task.run(connection);
            answered = true;
            return result;
        } catch (SQLException e) {
            answered = true;
            throw e;
        } finally {
            if (!answered) {
                using.breakOff();
            }
            end(using);
        }
    }

    private Use begin(Connection connection) throws SQLException {
        lock.lock();
        try {
            if (aborted) {
                throw aborted();
            }
            use = new Use(connection, nanos(MOST_ANSWERS, 0));
            return use;
        } finally {
            lock.unlock();
        }
    }

    private void end(Use using) {
        boolean broken = using.end();
        lock.lock();
        try {
            use = null;
        } finally {
            lock.unlock();
        }
        if (broken) {
            close();
        }
    }

    private long nanos(int answers, long bytes) {
        return TimeUnit.MILLISECONDS.toNanos((long) answers * timeoutMillis)
                + bytes * NANOS_PER_BYTE;
    }

    private void allow(int answers, long bytes) {
        lock.lock();
        try {
            if (use != null) {
                use.allow(nanos(answers, bytes));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does a part of a use that waits for one answer and moves many bytes. It has a deadline of its
     * own, and what follows in the same use has all of its time again.
     *
     * @param bytes how many are sent or received at most
     * @param part what to do
     * @param <T> what it returns
     * @return what the part returned
     * @throws SQLException if the part failed
     */
    public <T> T moving(long bytes, Part<T> part) throws SQLException {
        allow(1, bytes);
        try {
            return part.run();
        } finally {
            allow(MOST_ANSWERS, 0);
        }
    }

    /** A pool that validates nothing hands out its broken connections, one by one. */
    private Connection borrowValid() throws SQLException {
        for (int attempt = 1; attempt < MAX_BROKEN; attempt++) {
            Connection borrowed = open();
            if (borrowed.isValid(timeoutSeconds())) {
                return borrowed;
            }
            close();
        }
        return open();
    }

    private int timeoutSeconds() {
        return Math.max(1, timeoutMillis / 1_000);
    }

    /** Does the same without a result. */
    public void use(Action action) throws SQLException {
        run(
                connection -> {
                    action.run(connection);
                    return true;
                });
    }

    private Connection open() throws SQLException {
        Connection known = known();
        if (known != null) {
            return known;
        }
        Connection opened = connections.open();
        lock.lock();
        try {
            if (!aborted) {
                current = opened;
                return opened;
            }
        } finally {
            lock.unlock();
        }
        close(opened);
        throw aborted();
    }

    private @Nullable Connection known() throws SQLException {
        lock.lock();
        try {
            if (aborted) {
                throw aborted();
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    private static SQLException aborted() {
        return new SQLException("The backend was stopped", "57P01");
    }

    /** A pool's connections have no socket timeout unless its owner thought of it. */
    private int boundWaiting(Connection borrowed) {
        try {
            int before = borrowed.getNetworkTimeout();
            borrowed.setNetworkTimeout(Runnable::run, timeoutMillis);
            return before;
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return -1;
        }
    }

    private static void restoreWaiting(Connection borrowed, int before) {
        try {
            borrowed.setNetworkTimeout(Runnable::run, before);
        } catch (SQLException | RuntimeException e) {
            // The connection is broken, which its pool finds out by itself.
        }
    }

    /**
     * Asks the server whether it is still there.
     *
     * @throws SQLException if it is not, or gave no answer in time
     */
    public void probe() throws SQLException {
        use(
                connection -> {
                    if (!connection.isValid(timeoutSeconds())) {
                        throw new SQLException("The server no longer answers", "08006");
                    }
                });
    }

    /**
     * Closes the connection, or gives it back; the next use opens another. Never throws, whatever a
     * pool does that is being stopped.
     */
    public void close() {
        Connection closing;
        lock.lock();
        try {
            closing = current;
            current = null;
        } finally {
            lock.unlock();
        }
        if (closing != null) {
            close(closing);
        }
    }

    private static void close(Connection closing) {
        try {
            closing.close();
        } catch (SQLException | RuntimeException | LinkageError e) {
            Log.detail(ErrorCode.STATE, () -> "a connection could not be closed", e);
        }
    }

    /** Breaks off what is being done, for good; every further use fails. Never throws or waits. */
    public void abort() {
        lock.lock();
        try {
            aborted = true;
            if (use != null) {
                use.breakOff();
            } else if (current != null) {
                Use.Aborts.begin(current, () -> {});
            }
        } finally {
            lock.unlock();
        }
    }

    /** Breaks off a use that is overdue; the next one opens a connection. Never throws or waits. */
    public void abortIfOverdue() {
        lock.lock();
        try {
            if (use != null) {
                use.breakOffIfOverdue();
            }
        } finally {
            lock.unlock();
        }
    }
}
