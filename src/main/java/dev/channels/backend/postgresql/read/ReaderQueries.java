package dev.channels.backend.postgresql.read;

import dev.channels.backend.postgresql.tables.TableEpoch;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.spi.Headers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reader's queries. Each looks at any number of channels at once.
 *
 * <p>{@link #changes} asks which channels have changed since it asked last. It compares ids of
 * transactions, not offsets or times: every row notes the transaction that published last, {@code
 * tx}. A transaction that the last snapshot did not see had not ended then, so its id was not below
 * the {@code xmin} of that snapshot, "the lowest transaction ID that was still active" (PostgreSQL
 * manual, table 9.77); so {@code tx >= xmin} misses nothing, however late a transaction commits. It
 * may find a channel twice, which the offsets tell. A long transaction makes the answer longer, by
 * one row per channel with events since it began, and delays nothing.
 */
final class ReaderQueries {

    /** How many channels one query reads. */
    static final int MAX_CHANNELS = 250;

    private static final int MAX_EVENTS = 4_000;
    private static final int MIN_EVENTS_PER_CHANNEL = 16;
    private static final int MAX_EVENTS_PER_CHANNEL = 1_000;
    private static final long MAX_BYTES = 8 << 20;

    /** How many bytes one query answers with at most: the last event is read whole. */
    static final long MOST_BYTES = MAX_BYTES + Tables.MAX_PAYLOAD_BYTES + Headers.MAX_BYTES;

    private static final String CHANGES =
            """
            SELECT txid_snapshot_xmin(txid_current_snapshot()), l.epoch, %s,
                   c.name, c.id, c.last_offset
            FROM (SELECT epoch, identity, version, %s AS now FROM channels_life) AS l
            LEFT JOIN channels_channel AS c ON c.tx >= ?
            """;

    /** Of few channels the rows are found by their names instead of reading all there are. */
    private static final String CHANGES_OF_FEW =
            CHANGES.stripTrailing() + " AND c.name = ANY (?::text[])";

    private static final String ROWS =
            """
            SELECT c.name, c.id, c.last_offset, (SELECT epoch FROM channels_life)
            FROM channels_channel AS c WHERE c.name = ANY (?::text[])
            """;

    /**
     * The payloads after the first {@link #MAX_BYTES} come as null: the query was large enough, and
     * the reader knows that they exist. octet_length reads no payload that is stored out of
     * database.
     */
    private static final String EVENTS =
            """
            SELECT n.nr, n.epoch, n.id, n.base, n.last_offset, n."offset",
                   CASE WHEN coalesce(n.bytes_before, 0) < ? THEN n.payload END, n.headers
            FROM (
                SELECT s.nr, c.id, c.base, c.last_offset, e."offset", e.payload, e.headers,
                       (SELECT epoch FROM channels_life) AS epoch,
                       sum(octet_length(e.payload) + coalesce(octet_length(e.headers), 0))
                           OVER (ORDER BY s.nr, e."offset"
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
                FROM unnest(?::text[], ?::bigint[]) WITH ORDINALITY AS s(name, seen, nr)
                JOIN channels_channel AS c ON c.name = s.name
                LEFT JOIN LATERAL (
                    SELECT "offset", payload, headers FROM channels_event
                    WHERE channel_id = c.id AND "offset" > s.seen
                    ORDER BY "offset" LIMIT ?
                ) AS e ON true
            ) AS n
            ORDER BY n.nr, n."offset"
            """;

    /**
     * What a query saw of one channel.
     *
     * @param channel the name
     * @param epoch the epoch of the tables
     * @param rowId the id of the channel's row
     * @param base the offset at which the epoch began
     * @param lastOffset the offset of the newest event
     * @param events the events after the offset that was asked for, perhaps not all
     * @param complete whether these are all that there are
     */
    record Channel(
            String channel,
            String epoch,
            long rowId,
            long base,
            long lastOffset,
            List<Event> events,
            boolean complete) {}

    /** One event's offset and bytes; no headers are null. */
    @SuppressWarnings("ArrayRecordComponent")
    record Event(long offset, byte[] payload, byte @Nullable [] headers) {}

    /**
     * What has changed.
     *
     * @param horizon what to ask with the next time
     * @param epoch the epoch of the tables, or null if they were emptied
     * @param same whether the tables still are what they say
     * @param channels the channels that have changed, without events
     */
    record Changes(long horizon, @Nullable String epoch, boolean same, List<Channel> channels) {}

    private final TableNames tables;
    private final TableEpoch tableEpoch;

    ReaderQueries(TableNames tables, TableEpoch tableEpoch) {
        this.tables = tables;
        this.tableEpoch = tableEpoch;
    }

    /**
     * Asks which channels have changed.
     *
     * @param connection in auto-commit mode
     * @param horizon the horizon of the last answer; {@link Long#MAX_VALUE} for none but the new
     *     horizon
     * @param followed the channels that matter; the answer may have others
     * @return the answer
     */
    Changes changes(Connection connection, long horizon, Collection<String> followed)
            throws SQLException {
        boolean few = followed.size() <= MAX_CHANNELS;
        String sql =
                tables.in(
                        (few ? CHANGES_OF_FEW : CHANGES)
                                .formatted(tableEpoch.unchanged(), tableEpoch.identitySql()));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, horizon);
            if (few) {
                statement.setArray(2, connection.createArrayOf("text", followed.toArray()));
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<Channel> channels = new ArrayList<>();
                Changes changes = new Changes(horizon, null, false, channels);
                while (rows.next()) {
                    String epoch = rows.getString(2);
                    changes = new Changes(rows.getLong(1), epoch, rows.getBoolean(3), channels);
                    String name = rows.getString(4);
                    if (name != null) {
                        channels.add(row(name, rows.getLong(5), rows.getLong(6), epoch));
                    }
                }
                return changes;
            }
        }
    }

    /**
     * Reads where channels stand now.
     *
     * @param connection in auto-commit mode
     * @param names the channels
     * @return those that have a row, without events
     */
    List<Channel> rows(Connection connection, Collection<String> names) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.in(ROWS))) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                List<Channel> channels = new ArrayList<>();
                while (rows.next()) {
                    channels.add(
                            row(
                                    rows.getString(1),
                                    rows.getLong(2),
                                    rows.getLong(3),
                                    rows.getString(4)));
                }
                return channels;
            }
        }
    }

    private static Channel row(String name, long id, long lastOffset, @Nullable String epoch) {
        return new Channel(
                name, epoch == null ? "" : epoch, id, 0, lastOffset, List.of(), lastOffset == 0);
    }

    /**
     * Reads the events that follow what was seen of some channels.
     *
     * @param connection in auto-commit mode
     * @param positions at most {@link #MAX_CHANNELS} channels
     * @param single whether to read one event of each at most
     * @return those that have a row, each with the next events
     */
    List<Channel> events(Connection connection, List<ReadPosition> positions, boolean single)
            throws SQLException {
        int fair = Math.min(MAX_EVENTS_PER_CHANNEL, MAX_EVENTS / positions.size());
        int limit = single ? 1 : Math.max(MIN_EVENTS_PER_CHANNEL, fair);
        String[] names = positions.stream().map(ReadPosition::channel).toArray(String[]::new);
        Long[] seen = positions.stream().map(ReadPosition::offset).toArray(Long[]::new);
        try (PreparedStatement statement = connection.prepareStatement(tables.in(EVENTS))) {
            statement.setLong(1, MAX_BYTES);
            statement.setArray(2, connection.createArrayOf("text", names));
            statement.setArray(3, connection.createArrayOf("int8", seen));
            statement.setInt(4, limit);
            try (ResultSet rows = statement.executeQuery()) {
                return channels(rows, names, limit);
            }
        }
    }

    private static List<Channel> channels(ResultSet rows, String[] names, int limit)
            throws SQLException {
        List<Channel> channels = new ArrayList<>();
        boolean more = rows.next();
        while (more) {
            int nr = rows.getInt(1);
            String epoch = rows.getString(2);
            long id = rows.getLong(3);
            long base = rows.getLong(4);
            long lastOffset = rows.getLong(5);
            List<Event> events = new ArrayList<>();
            int count = 0;
            do {
                long offset = rows.getLong(6);
                byte[] payload = rows.getBytes(7);
                if (payload != null) {
                    events.add(new Event(offset, payload, rows.getBytes(8)));
                }
                // A channel without any event has one row all the same, with an offset of null.
                count += offset == 0 ? 0 : 1;
                more = rows.next();
            } while (more && rows.getInt(1) == nr);
            channels.add(
                    new Channel(
                            names[nr - 1],
                            epoch == null ? "" : epoch,
                            id,
                            base,
                            lastOffset,
                            events,
                            events.size() == count && count < limit));
        }
        return channels;
    }
}
