package dev.channels.backend.postgresql.outbox;

import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What empties the outbox says to the server. No payload leaves it. Safe for use by any thread. */
final class RelayStatements {

    private static final int PAGE_EVENTS = 1_000;
    private static final long PAGE_BYTES = 4 << 20;

    /**
     * The next statement sees what was committed before the lock was had: only at this level has
     * each statement a snapshot of its own. A node that vanishes in the middle is thrown out by the
     * server, or its lock would stay as long as its connection. What is removed stays in the table
     * until a vacuum: the planner, which knows that it is there and not that it is old, must not
     * read through it.
     */
    private static final String BEGIN =
            """
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            SET LOCAL lock_timeout = %d;
            SET LOCAL idle_in_transaction_session_timeout = %d;
            SET LOCAL enable_seqscan = off;
            SET LOCAL enable_bitmapscan = off;
            SET LOCAL max_parallel_workers_per_gather = 0;
            SELECT set_config('synchronous_commit',
                       CASE current_setting('synchronous_commit')
                           WHEN 'off' THEN 'on'
                           ELSE current_setting('synchronous_commit') END, true),
                   pg_advisory_xact_lock(%d)
            """;

    /** By the first entry of the index, whatever the planner takes the table for. */
    private static final String ANY = "SELECT min(ticket) IS NOT NULL FROM channels_outbox";

    /** octet_length reads no payload that is stored out of line. A transaction is never cut. */
    private static final String PAGE =
            """
            WITH first AS MATERIALIZED (
                SELECT ticket, ordinal, octet_length(payload) AS bytes
                FROM channels_outbox WHERE refused IS NULL
                ORDER BY ticket, ordinal LIMIT ?
            ), page AS MATERIALIZED (
                SELECT ticket, coalesce(sum(bytes) OVER (ORDER BY ticket, ordinal
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < ? AS fits
                FROM first
            ), tickets AS MATERIALIZED (
                SELECT DISTINCT ticket FROM page WHERE fits
            )
            SELECT ARRAY(SELECT ticket FROM tickets ORDER BY ticket),
                   (SELECT count(*) = ? OR NOT bool_and(fits) FROM page),
                   ARRAY(SELECT DISTINCT t.name
                         FROM tickets AS s JOIN channels_outbox AS o ON o.ticket = s.ticket
                         CROSS JOIN unnest(string_to_array(o.channels, '/')) AS t(name)
                         WHERE NOT EXISTS (
                             SELECT 1 FROM channels_channel AS c WHERE c.name = t.name))
            """;

    /**
     * The offsets are handed out as in {@code PublishStatement}, for the same reasons: under the
     * locks of the channels' rows, which are taken in the order of their ids. If a row is gone, the
     * channel of an event becomes null, and the NOT NULL constraint undoes the whole.
     */
    private static final String MOVE =
            """
            WITH moved AS MATERIALIZED (
                SELECT o.ticket, o.ordinal, t.name,
                       row_number() OVER (PARTITION BY t.name ORDER BY o.ticket, o.ordinal) AS nr
                FROM channels_outbox AS o
                CROSS JOIN unnest(string_to_array(o.channels, '/')) AS t(name)
                WHERE o.ticket = ANY (?::bigint[]) AND o.refused IS NULL
            ), counts AS MATERIALIZED (
                SELECT name, count(*) AS events FROM moved GROUP BY name
            ), locked AS MATERIALIZED (
                SELECT id, name FROM channels_channel
                WHERE name = ANY (ARRAY(SELECT name FROM counts))
                ORDER BY id FOR UPDATE
            ), numbered AS (
                UPDATE channels_channel AS c
                SET last_offset = c.last_offset + k.events, tx = txid_current(), updated = now()
                FROM locked AS l JOIN counts AS k ON k.name = l.name
                WHERE c.id = l.id
                RETURNING c.id, c.name, c.last_offset - k.events AS before
            ), inserted AS (
                INSERT INTO channels_event (channel_id, "offset", payload, headers)
                SELECT n.id, n.before + m.nr, o.payload, o.headers
                FROM moved AS m
                JOIN channels_outbox AS o ON o.ticket = m.ticket AND o.ordinal = m.ordinal
                LEFT JOIN numbered AS n ON n.name = m.name
            ), gone AS (
                DELETE FROM channels_outbox
                WHERE ticket = ANY (?::bigint[]) AND refused IS NULL
            )
            SELECT name FROM counts
            """;

    private static final String REFUSE =
            "UPDATE channels_outbox SET refused = ? WHERE ticket = ? AND refused IS NULL";

    /**
     * What is to be moved together.
     *
     * @param tickets of whole transactions, ascending
     * @param more whether others may be left
     * @param newChannels those without a row
     */
    record Page(List<Long> tickets, boolean more, Set<String> newChannels) {}

    private final String begin;
    private final String any;
    private final String page;
    private final String move;
    private final String refuse;

    /**
     * Makes them.
     *
     * @param tables the names of the tables
     * @param timeoutMillis how long the client waits for an answer; for the lock of another node it
     *     waits shorter
     */
    RelayStatements(TableNames tables, long timeoutMillis) {
        this.begin = BEGIN.formatted(timeoutMillis * 4 / 5, timeoutMillis * 2, tables.relayKey());
        this.any = tables.in(ANY);
        this.page = tables.in(PAGE);
        this.move = tables.in(MOVE);
        this.refuse = tables.in(REFUSE);
    }

    /** Tells whether there is anything to be moved. */
    boolean isAny(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(any)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Begins a transaction that is the only one of its kind until it ends. */
    void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(begin);
        }
    }

    /** Returns what is to be moved next. */
    Page page(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(page)) {
            statement.setInt(1, PAGE_EVENTS);
            statement.setLong(2, PAGE_BYTES);
            statement.setInt(3, PAGE_EVENTS);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Page(
                        List.of((Long[]) row.getArray(1).getArray()),
                        row.getBoolean(2),
                        new TreeSet<>(List.of((String[]) row.getArray(3).getArray())));
            }
        }
    }

    /** Moves whole transactions to their channels, and returns the names of these. */
    List<String> move(Connection connection, List<Long> tickets) throws SQLException {
        Object[] numbers = tickets.toArray();
        List<String> channels = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(move)) {
            statement.setArray(1, connection.createArrayOf("int8", numbers));
            statement.setArray(2, connection.createArrayOf("int8", numbers));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    channels.add(rows.getString(1));
                }
            }
        }
        return channels;
    }

    /** Leaves a transaction in the outbox, not to be tried again. */
    void refuse(Connection connection, long ticket, String why) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(refuse)) {
            statement.setString(1, why);
            statement.setLong(2, ticket);
            statement.executeUpdate();
        }
    }
}
