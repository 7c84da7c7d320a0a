package dev.channels.backend.postgresql.outbox;

import java.sql.Connection;
import java.sql.SQLException;

/** A short transaction in which one node, and no other, looks into the outbox. */
final class RelayTransaction {

    /** What is done in it. */
    @FunctionalInterface
    interface Body<T> {
        T run(RelayStatements.Page page) throws SQLException;
    }

    private RelayTransaction() {}

    /**
     * Runs it, and commits.
     *
     * @param connection in auto-commit mode, and again afterwards
     * @param statements what is said to the server
     * @param body what to do with the next page
     * @param <T> what it returns
     * @return the same
     * @throws SQLException if anything failed; whether it has committed is unknown then
     */
    static <T> T run(Connection connection, RelayStatements statements, Body<T> body)
            throws SQLException {
        connection.setAutoCommit(false);
        T result;
        try {
            statements.begin(connection);
            result = body.run(statements.page(connection));
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            undo(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
        return result;
    }

    private static void undo(Connection connection, Exception failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
