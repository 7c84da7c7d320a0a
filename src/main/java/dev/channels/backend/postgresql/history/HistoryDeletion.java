package dev.channels.backend.postgresql.history;

import dev.channels.backend.postgresql.tables.ChannelRows;
import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/**
 * Ends the life of a channel by deleting its row; another row is its next life.
 *
 * <p>Events without the row of a channel can be read by nobody, and the next clean-up removes them,
 * in steps: a million of them would hold up the reads of other channels here. A transaction that
 * publishes holds the lock of the row, so its events are gone too, or it finds no row, and makes
 * one. It does so for a moment; who holds it for longer is somebody else, for whom nobody waits
 * until his own answer is given up: that would look like a server that is away.
 */
final class HistoryDeletion {

    /** The timeout is that of this statement alone, also in a session that a pool shares. */
    private static final String DELETE =
            """
            WITH config AS MATERIALIZED (SELECT set_config('lock_timeout', ?, true))
            DELETE FROM channels_channel WHERE name = ? AND EXISTS (SELECT 1 FROM config)
            """;

    private final String delete;
    private final String lockTimeout;
    private final ChannelRows rows;

    /**
     * Makes a deletion.
     *
     * @param tables the names of the tables
     * @param longestWait for a row that another transaction holds; much shorter than an answer may
     *     take
     */
    HistoryDeletion(TableNames tables, Duration longestWait) {
        this.delete = tables.in(DELETE);
        this.lockTimeout = longestWait.toMillis() + "ms";
        this.rows = new ChannelRows(tables);
    }

    /**
     * Ends the present life of a channel, and begins the next.
     *
     * @param connection in auto-commit mode
     * @throws SQLException also if another transaction holds the row; nothing is deleted then
     */
    void run(Connection connection, String channel) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(delete)) {
            statement.setString(1, lockTimeout);
            statement.setString(2, channel);
            statement.executeUpdate();
        }
        rows.make(connection, Set.of(channel));
    }
}
