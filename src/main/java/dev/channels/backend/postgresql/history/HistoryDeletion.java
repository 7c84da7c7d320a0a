package dev.channels.backend.postgresql.history;

import dev.channels.backend.postgresql.tables.ChannelRows;
import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;

/**
 * Ends the life of a channel by deleting its row; another row is its next life.
 *
 * <p>Events without the row of a channel can be read by nobody, and the next clean-up removes them,
 * in steps: a million of them would hold up the reads of other channels here. A transaction that
 * publishes holds the lock of the row, so its events are gone too, or it finds no row, and makes
 * one.
 */
final class HistoryDeletion {

    private final String delete;
    private final ChannelRows rows;

    HistoryDeletion(TableNames tables) {
        this.delete = tables.in("DELETE FROM channels_channel WHERE name = ?");
        this.rows = new ChannelRows(tables);
    }

    /**
     * Ends the present life of a channel, and begins the next.
     *
     * @param connection in auto-commit mode
     */
    void run(Connection connection, String channel) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(delete)) {
            statement.setString(1, channel);
            statement.executeUpdate();
        }
        rows.make(connection, Set.of(channel));
    }
}
