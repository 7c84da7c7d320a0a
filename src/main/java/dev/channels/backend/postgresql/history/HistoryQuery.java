package dev.channels.backend.postgresql.history;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.postgresql.tables.TableEpoch;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.spi.HistorySlice;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** Reads the history of one channel: one query, hence one snapshot. */
final class HistoryQuery {

    private static final String LAST =
            """
            SELECT l.epoch, c.id, e."offset", e.payload
            FROM channels_channel AS c CROSS JOIN channels_life AS l
            CROSS JOIN LATERAL (
                SELECT "offset", payload FROM channels_event
                WHERE channel_id = c.id AND "offset" > c.last_offset - ?
                ORDER BY "offset" DESC LIMIT ?
            ) AS e
            WHERE c.name = ? ORDER BY e."offset"
            """;

    /**
     * {@code seen} is the reader's offset, or none where the channel does not know it; {@code
     * start} is where the history begins, older events only waiting to be removed.
     */
    private static final String AFTER =
            """
            SELECT s.epoch, s.id, e."offset", e.payload, s.known, s.seen, s.last_offset, (
                SELECT "offset" FROM channels_event
                WHERE channel_id = s.id AND "offset" > greatest(s.seen, s.start)
                ORDER BY "offset" LIMIT 1) AS next
            FROM (
                SELECT k.epoch, k.id, k.last_offset, k.known, k.last_offset - ? AS start,
                       CASE WHEN k.known THEN ? ELSE 0 END AS seen
                FROM (
                    SELECT l.epoch, c.id, c.last_offset,
                           l.epoch || '-' || to_hex(c.id) = ? AND ? <= c.last_offset AS known
                    FROM channels_channel AS c CROSS JOIN channels_life AS l WHERE c.name = ?
                ) AS k
            ) AS s
            LEFT JOIN LATERAL (
                SELECT "offset", payload FROM channels_event
                WHERE channel_id = s.id AND "offset" > greatest(s.seen, s.start)
                ORDER BY "offset" LIMIT ?
            ) AS e ON true
            ORDER BY e."offset"
            """;

    private static final String STAND =
            """
            SELECT l.epoch, c.id, c.last_offset
            FROM channels_channel AS c CROSS JOIN channels_life AS l WHERE c.name = ?
            """;

    private final String last;
    private final String after;
    private final String stand;
    private final long kept;

    /**
     * Makes the queries.
     *
     * @param tables the names of the tables
     * @param kept how many events the history holds; older ones may wait to be removed
     */
    HistoryQuery(TableNames tables, long kept) {
        this.last = tables.in(LAST);
        this.after = tables.in(AFTER);
        this.stand = tables.in(STAND);
        this.kept = kept;
    }

    HistorySlice last(Connection connection, String channel, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(last)) {
            statement.setLong(1, kept);
            setLimit(statement, 2, limit);
            statement.setString(3, channel);
            try (ResultSet rows = statement.executeQuery()) {
                List<ChannelEvent> events = new ArrayList<>();
                while (rows.next()) {
                    events.add(event(channel, rows));
                }
                return new HistorySlice(events, stand(connection, channel), false);
            }
        }
    }

    HistorySlice after(Connection connection, String channel, Position position, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(after)) {
            statement.setLong(1, kept);
            statement.setLong(2, position.offset());
            statement.setString(3, position.epoch());
            statement.setLong(4, position.offset());
            statement.setString(5, channel);
            setLimit(statement, 6, limit);
            try (ResultSet rows = statement.executeQuery()) {
                List<ChannelEvent> events = new ArrayList<>();
                boolean gap = true; // a channel without a row knows no position
                while (rows.next()) {
                    gap = !rows.getBoolean("known") || isCut(rows);
                    if (rows.getBytes("payload") != null) {
                        events.add(event(channel, rows));
                    }
                }
                return new HistorySlice(events, stand(connection, channel), gap);
            }
        }
    }

    HistorySlice before(Connection connection, String channel, Position position, int limit)
            throws SQLException {
        HistorySlice all = last(connection, channel, -1);
        List<ChannelEvent> older =
                all.events().stream().filter(e -> position.isAfter(e.position())).toList();
        int skipped = limit < 0 ? 0 : Math.max(0, older.size() - limit);
        return new HistorySlice(
                older.subList(skipped, older.size()),
                all.position(),
                !all.position().isComparableTo(position));
    }

    private Position stand(Connection connection, String channel) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(stand)) {
            statement.setString(1, channel);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? new Position(
                                TableEpoch.epochOf(rows.getString("epoch"), rows.getLong("id")),
                                rows.getLong("last_offset"))
                        : new Position("none", 0);
            }
        }
    }

    /** Tells whether the event next to the one seen is gone. */
    private static boolean isCut(ResultSet row) throws SQLException {
        long seen = row.getLong("seen");
        return row.getLong("last_offset") > seen && row.getLong("next") != seen + 1;
    }

    private static void setLimit(PreparedStatement statement, int index, int limit)
            throws SQLException {
        if (limit < 0) {
            statement.setNull(index, Types.BIGINT); // LIMIT NULL is no limit
        } else {
            statement.setLong(index, limit);
        }
    }

    private static ChannelEvent event(String channel, ResultSet row) throws SQLException {
        String epoch = TableEpoch.epochOf(row.getString("epoch"), row.getLong("id"));
        byte[] payload = row.getBytes("payload");
        return new ChannelEvent(channel, new Position(epoch, row.getLong("offset")), payload);
    }
}
