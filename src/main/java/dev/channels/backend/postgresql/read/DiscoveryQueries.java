package dev.channels.backend.postgresql.read;

import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The queries by which channels are found.
 *
 * <p>{@link #changes} compares ids of transactions, as that of {@link ReaderQueries} does, and for
 * the same reason misses nothing. {@link #first} asks which event of a channel was the first of
 * those transactions: each row has the id of the one that wrote it, {@code xmin}, cut to 32 bits,
 * so that the two are compared modulo 2^32 (PostgreSQL manual § 25.1.5). What is so old that this
 * goes wrong, two thousand million transactions, is past its retention.
 */
final class DiscoveryQueries {

    private static final String CHANGES =
            """
            SELECT txid_snapshot_xmin(txid_current_snapshot()), l.epoch, c.name, c.id, c.last_offset
            FROM channels_life AS l
            LEFT JOIN channels_channel AS c ON c.tx >= ? AND c.last_offset > 0
                AND EXISTS (SELECT 1 FROM unnest(?::text[]) AS p(prefix)
                            WHERE starts_with(c.name, p.prefix))
            """;

    private static final String ROWS =
            """
            SELECT 0, l.epoch, c.name, c.id, c.last_offset
            FROM channels_life AS l
            JOIN channels_channel AS c ON c.name = ANY (?::text[]) AND c.last_offset > 0
            """;

    private static final String FIRST =
            """
            SELECT c.name, l.epoch, c.id, e.first
            FROM channels_life AS l
            JOIN channels_channel AS c ON c.name = ANY (?::text[])
            JOIN LATERAL (
                SELECT min(x."offset") AS first FROM channels_event AS x
                WHERE x.channel_id = c.id AND x."offset" > c.base
                    AND (?::boolean OR (x.xmin::text::bigint - ?::bigint % 4294967296 + 4294967296)
                              % 4294967296 < 2147483648)
            ) AS e ON e.first IS NOT NULL
            """;

    /**
     * Where a channel stands.
     *
     * @param offset of its newest event, or of another one
     */
    record Found(String channel, String epoch, long rowId, long offset) {

        boolean isOfOneLifeWith(Found other) {
            return rowId == other.rowId && epoch.equals(other.epoch);
        }
    }

    /**
     * What has changed.
     *
     * @param horizon what to ask with the next time
     * @param epoch the epoch of the tables; empty if they were emptied
     */
    record Changes(long horizon, String epoch, List<Found> channels) {}

    private final TableNames tables;

    DiscoveryQueries(TableNames tables) {
        this.tables = tables;
    }

    /** Asks which channels have changed whose names begin in one of some ways. */
    Changes changes(Connection connection, long horizon, Collection<String> prefixes)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.in(CHANGES))) {
            statement.setLong(1, horizon);
            statement.setArray(2, connection.createArrayOf("text", prefixes.toArray()));
            return read(statement, horizon);
        }
    }

    /** Reads where channels stand that have had events. */
    List<Found> rows(Connection connection, Collection<String> names) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.in(ROWS))) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            return read(statement, 0).channels();
        }
    }

    private static Changes read(PreparedStatement statement, long before) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            List<Found> channels = new ArrayList<>();
            Changes changes = new Changes(before, "", channels);
            while (rows.next()) {
                changes = new Changes(rows.getLong(1), rows.getString(2), channels);
                String name = rows.getString(3);
                if (name != null) {
                    channels.add(
                            new Found(name, changes.epoch(), rows.getLong(4), rows.getLong(5)));
                }
            }
            return changes;
        }
    }

    /**
     * Reads which events are the first ones since a horizon.
     *
     * @param all whether it is those since the epoch began, whatever the horizon
     * @return those of the channels that have such an event
     */
    List<Found> first(Connection connection, Collection<String> names, long horizon, boolean all)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.in(FIRST))) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            statement.setBoolean(2, all);
            statement.setLong(3, horizon);
            try (ResultSet rows = statement.executeQuery()) {
                List<Found> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(
                            new Found(
                                    rows.getString(1),
                                    rows.getString(2),
                                    rows.getLong(3),
                                    rows.getLong(4)));
                }
                return found;
            }
        }
    }
}
