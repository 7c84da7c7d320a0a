package dev.channels.backend.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread's line to the database: a connection of its own that is kept, or one from a pool for
 * each use. Used by one thread; only {@link #abort()} may be called by another.
 */
final class DatabaseLine {

    /** Something to be done with a connection. */
    @FunctionalInterface
    interface Task<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Something to be done with a connection that has no result. */
    @FunctionalInterface
    interface Action {
        void run(Connection connection) throws SQLException;
    }

    private static final int MAX_BROKEN = 20;

    private final Connections connections;
    private final int timeoutMillis;
    private final ReentrantLock lock = new ReentrantLock();

    /** Whether a pool's connection has to be asked whether it works; used by the one thread. */
    private boolean suspicious = true;

    /** Guarded by {@link #lock}. */
    private @Nullable Connection current;

    /** Guarded by {@link #lock}. */
    private boolean aborted;

    DatabaseLine(Connections connections, Duration timeout) {
        this.connections = connections;
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
    }

    /**
     * Does something with the connection, opening one if there is none.
     *
     * @param task what to do
     * @param <T> what it returns
     * @return what the task returned
     * @throws SQLException if the task failed, or this line was aborted
     */
    <T> T run(Task<T> task) throws SQLException {
        if (!connections.pooled()) {
            return task.run(open());
        }
        Connection borrowed = suspicious ? borrowValid() : open();
        suspicious = true;
        int before = boundWaiting(borrowed);
        try {
            T result = task.run(borrowed);
            suspicious = false;
            return result;
        } finally {
            if (before >= 0) {
                restoreWaiting(borrowed, before);
            }
            close();
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
    void use(Action action) throws SQLException {
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
        opened.close();
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
        } catch (SQLException | AbstractMethodError e) {
            return -1;
        }
    }

    private static void restoreWaiting(Connection borrowed, int before) {
        try {
            borrowed.setNetworkTimeout(Runnable::run, before);
        } catch (SQLException e) {
            // The connection is broken, which its pool finds out by itself.
        }
    }

    /**
     * Asks the server whether it is still there.
     *
     * @throws SQLException if it is not, or gave no answer in time
     */
    void probe() throws SQLException {
        use(
                connection -> {
                    if (!connection.isValid(timeoutSeconds())) {
                        throw new SQLException("The server no longer answers", "08006");
                    }
                });
    }

    /** Closes the connection, or gives it back; the next use opens another. Never throws. */
    void close() {
        Connection closing;
        lock.lock();
        try {
            closing = current;
            current = null;
        } finally {
            lock.unlock();
        }
        if (closing != null) {
            try {
                closing.close();
            } catch (SQLException e) {
                // It is broken, and as good as closed.
            }
        }
    }

    /** Breaks off what is being done, for good; every further use fails. Never throws. */
    void abort() {
        Connection breaking;
        lock.lock();
        try {
            aborted = true;
            breaking = current;
        } finally {
            lock.unlock();
        }
        if (breaking != null) {
            try {
                breaking.abort(Runnable::run);
            } catch (SQLException e) {
                // It is broken already.
            }
        }
    }
}
