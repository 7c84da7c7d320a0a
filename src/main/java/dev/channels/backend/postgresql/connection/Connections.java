package dev.channels.backend.postgresql.connection;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to the database; safe for use by any thread. */
public interface Connections {

    /**
     * Opens a connection, blocking no longer than the connect timeout where that is in its hand.
     *
     * @return a connection in auto-commit mode
     * @throws SQLException if there is none to be had now
     */
    Connection open() throws SQLException;

    /**
     * Tells whose the connections are.
     *
     * @return true if they come from a pool, and go back to it after each use
     */
    boolean pooled();
}
