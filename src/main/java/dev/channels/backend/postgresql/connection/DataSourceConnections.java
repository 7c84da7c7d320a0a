package dev.channels.backend.postgresql.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Borrows connections from a data source of the container. */
public final class DataSourceConnections implements Connections {

    private final String jndiName;
    private final Executor executor;
    private final Duration timeout;
    private volatile @Nullable DataSource dataSource;

    /**
     * Makes them without looking anything up.
     *
     * @param jndiName the name of the data source
     * @param executor runs a look-up on a thread of the container
     * @param timeout how long to wait for that
     */
    public DataSourceConnections(String jndiName, Executor executor, Duration timeout) {
        this.jndiName = jndiName;
        this.executor = executor;
        this.timeout = timeout;
    }

    /**
     * Looks the data source up; to be called by a thread of the container, because names below
     * {@code java:comp} are bound to it.
     *
     * @throws SQLException if there is nothing of that kind under the name
     */
    public DataSource lookUp() throws SQLException {
        DataSource known = dataSource;
        if (known == null) {
            known = find();
            dataSource = known;
        }
        return known;
    }

    /** The name comes from the application's own configuration. */
    @SuppressWarnings("BanJNDI")
    private DataSource find() throws SQLException {
        try {
            if (new InitialContext().lookup(jndiName) instanceof DataSource found) {
                return found;
            }
        } catch (NamingException e) {
            throw new SQLException("There is no data source named " + jndiName, "08001", e);
        }
        throw new SQLException("What is named " + jndiName + " is no data source", "08001");
    }

    private DataSource lookUpInContainer() throws SQLException {
        FutureTask<DataSource> lookUp = new FutureTask<>(this::lookUp);
        try {
            executor.execute(lookUp);
            return lookUp.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            String why = e.getCause() instanceof SQLException told ? told.getMessage() : null;
            throw new SQLException(why, "08001", e.getCause());
        } catch (InterruptedException | TimeoutException | RejectedExecutionException e) {
            throw new SQLException("The look-up of " + jndiName + " did not end", "08001", e);
        }
    }

    /**
     * Borrows a connection that belongs to the transaction of the calling thread, where the data
     * source takes part in transactions; to be closed before the transaction ends.
     *
     * @throws SQLException if there is none to be had now
     */
    public Connection borrowInTransaction() throws SQLException {
        return borrowed(lookUp());
    }

    /** Forgets a data source that lends nothing: its successor may be bound to the name by now. */
    private Connection borrow() throws SQLException {
        DataSource known = dataSource;
        return borrowed(known == null ? lookUpInContainer() : known);
    }

    private Connection borrowed(DataSource source) throws SQLException {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            dataSource = null;
            throw e;
        }
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = borrow();
        try {
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public boolean pooled() {
        return true;
    }
}
