package dev.channels.backend.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Borrows connections from a data source of the container. */
final class DataSourceConnections implements Connections {

    private final String jndiName;
    private volatile @Nullable DataSource dataSource;

    DataSourceConnections(String jndiName) {
        this.jndiName = jndiName;
    }

    /**
     * Looks the data source up; to be called by a thread of the container, because names below
     * {@code java:comp} are bound to it.
     *
     * @throws SQLException if there is nothing of that kind under the name
     */
    DataSource lookUp() throws SQLException {
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

    @Override
    public Connection open() throws SQLException {
        Connection connection = lookUp().getConnection();
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
