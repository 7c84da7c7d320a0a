package dev.channels.backend.postgresql.tables;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The tables as one start of the backend knows them.
 *
 * @param names their names
 * @param schema makes them
 * @param epoch verifies that they are those of before
 * @param notifier tells all nodes that there is something new in them
 */
public record Tables(TableNames names, TableSchema schema, TableEpoch epoch, Notifier notifier) {

    /** A server needs some seconds for more, which is as long as it may keep silent. */
    public static final int MAX_PAYLOAD_BYTES = 64 << 20;

    /**
     * Makes them.
     *
     * @param names their names
     * @param create whether to create what is missing
     */
    public static Tables of(TableNames names, boolean create) {
        return new Tables(
                names,
                new TableSchema(names, create),
                new TableEpoch(names),
                new Notifier(names.topic()));
    }

    /**
     * Does what every new connection begins with: creates what is missing, verifies what is there.
     *
     * @param connection in auto-commit mode
     * @throws SQLException if the database refuses, or is a standby
     */
    public void prepare(Connection connection) throws SQLException {
        schema.prepare(connection);
        epoch.verify(connection);
    }
}
