package dev.channels.backend.postgresql.history;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.postgresql.tables.EventRow;
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
import java.util.Optional;

/**
 * Reads the history of one channel: one query, hence one snapshot.
 *
 * <p>Every answer has at least one row, which says where the channel stands, unless the channel has
 * no row of its own. {@code start} is where the history begins: older events only wait to be
 * removed.
 */
final class HistoryQuery {

    /** The channel, and whether it knows the position that was asked for. */
    private static final String CHANNEL =
            """
            SELECT l.epoch, c.id, c.last_offset, c.last_offset - ?::bigint AS start,
                   l.epoch || '-' || to_hex(c.id) = ?::text AS comparable
            FROM channels_channel AS c CROSS JOIN channels_life AS l WHERE c.name = ?::text
            """;

    private static final String BEFORE =
            """
            SELECT k.*, e."offset", e.payload, e.headers
            FROM (%s) AS k
            LEFT JOIN LATERAL (
                SELECT "offset", payload, headers FROM channels_event
                WHERE channel_id = k.id AND "offset" > k.start AND "offset" < ?::bigint
                    AND k.comparable
                ORDER BY "offset" DESC LIMIT ?::bigint
            ) AS e ON true
            ORDER BY e."offset"
            """
                    .formatted(CHANNEL);

    /** {@code seen} is the reader's offset, or none where the channel does not know it. */
    private static final String AFTER =
            """
            SELECT s.*, e."offset", e.payload, e.headers, (
                SELECT "offset" FROM channels_event
                WHERE channel_id = s.id AND "offset" > greatest(s.seen, s.start)
                ORDER BY "offset" LIMIT 1) AS next
            FROM (
                SELECT k.*, ?::bigint <= k.last_offset AND k.comparable AS known,
                       CASE WHEN k.comparable AND ?::bigint <= k.last_offset
                           THEN ?::bigint ELSE 0 END AS seen
                FROM (%s) AS k
            ) AS s
            LEFT JOIN LATERAL (
                SELECT "offset", payload, headers FROM channels_event
                WHERE channel_id = s.id AND "offset" > greatest(s.seen, s.start)
                ORDER BY "offset" LIMIT ?::bigint
            ) AS e ON true
            ORDER BY e."offset"
            """
                    .formatted(CHANNEL);

    private static final String LAST = BEFORE.replace("AND k.comparable", "");

    private final String last;
    private final String after;
    private final String before;
    private final Retentions kept;

    /**
     * Makes the queries.
     *
     * @param tables the names of the tables
     * @param kept how many events the history of a channel holds; older ones may wait to be removed
     */
    HistoryQuery(TableNames tables, Retentions kept) {
        this.last = tables.in(LAST);
        this.after = tables.in(AFTER);
        this.before = tables.in(BEFORE);
        this.kept = kept;
    }

    /** Returns the newest events; empty if the channel has no row. */
    Optional<HistorySlice> last(Connection connection, String channel, int limit)
            throws SQLException {
        return backwards(connection, last, channel, new Position("any", Long.MAX_VALUE), limit)
                .map(slice -> new HistorySlice(slice.events(), slice.position(), false));
    }

    /** Returns the events before a position; empty if the channel has no row. */
    Optional<HistorySlice> before(
            Connection connection, String channel, Position position, int limit)
            throws SQLException {
        return backwards(connection, before, channel, position, limit);
    }

    private Optional<HistorySlice> backwards(
            Connection connection, String sql, String channel, Position position, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, kept.of(channel).history());
            statement.setString(2, position.epoch());
            statement.setString(3, channel);
            statement.setLong(4, position.offset());
            setLimit(statement, 5, limit);
            return slice(statement, channel, row -> !row.getBoolean("comparable"));
        }
    }

    /** Returns the events after a position; empty if the channel has no row. */
    Optional<HistorySlice> after(
            Connection connection, String channel, Position position, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(after)) {
            statement.setLong(1, position.offset());
            statement.setLong(2, position.offset());
            statement.setLong(3, position.offset());
            statement.setLong(4, kept.of(channel).history());
            statement.setString(5, position.epoch());
            statement.setString(6, channel);
            setLimit(statement, 7, limit);
            return slice(statement, channel, row -> !row.getBoolean("known") || isCut(row));
        }
    }

    /** Tells whether something is missing between the position and the events. */
    private interface GapTest {
        boolean test(ResultSet row) throws SQLException;
    }

    private static Optional<HistorySlice> slice(
            PreparedStatement statement, String channel, GapTest gapTest) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            String epoch = TableEpoch.epochOf(rows.getString("epoch"), rows.getLong("id"));
            Position position = new Position(epoch, rows.getLong("last_offset"));
            boolean gap = gapTest.test(rows);
            List<ChannelEvent> events = new ArrayList<>();
            do {
                byte[] payload = rows.getBytes("payload");
                if (payload != null) {
                    long offset = rows.getLong("offset");
                    events.add(
                            EventRow.event(
                                    channel,
                                    new Position(epoch, offset),
                                    payload,
                                    rows.getBytes("headers")));
                }
            } while (rows.next());
            return Optional.of(new HistorySlice(events, position, gap));
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
}
