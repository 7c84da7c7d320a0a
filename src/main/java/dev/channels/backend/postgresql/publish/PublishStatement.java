package dev.channels.backend.postgresql.publish;

import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Puts a chunk into the database: one statement, one round trip, one transaction.
 *
 * <h2>Why order holds</h2>
 *
 * Offsets are not drawn from a sequence. They are handed out by the row of the channel, {@code
 * last_offset}, under its row lock, and the events are written by the same transaction.
 *
 * <ol>
 *   <li>A row lock is held until its transaction ends, so of two transactions that publish to one
 *       channel the second gets its offsets after the first has committed or rolled back. Offsets
 *       of one channel therefore <em>commit in their order</em>, and those of a transaction that
 *       rolled back are handed out again: there are no holes.
 *   <li>PostgreSQL makes a commit visible before it releases the locks. So a snapshot that sees
 *       {@code last_offset = n} sees every transaction that handed out the offsets up to n, and
 *       with them every event (PostgreSQL manual § 13.2.1 and § 13.3.2; in {@code
 *       CommitTransaction}, {@code ProcArrayEndTransaction} comes before {@code
 *       ResourceOwnerRelease}).
 *   <li>A reader asks for "offset greater than the last one I saw, ascending" of one channel, in
 *       one statement and hence one snapshot. By 2 the answer has no hole that could be filled
 *       later: nothing is skipped, and nothing comes twice. Where it does have a hole, the events
 *       were removed, which is a gap.
 * </ol>
 *
 * A global sequence would not do: number 7 may commit before number 6, and a reader that has gone
 * on to 7 never comes back. Nor would waiting for all older transactions (a horizon of transaction
 * ids), because any long transaction anywhere in the cluster would hold up every event. Here a
 * transaction waits only for those that publish to the same channels; they are as short as this
 * statement. An application that publishes inside its own, longer transaction must not run this
 * statement there; it leaves its events in an outbox, from which they are moved after the commit.
 *
 * <p>Rows are locked in the order of their ids, so that publishing nodes do not deadlock.
 *
 * <h2>Why an event is published once</h2>
 *
 * Before anything else the statement raises the publisher's {@code sequence}, and only if it is
 * below that of the chunk. If the outcome of an attempt is unknown, the next attempt waits for the
 * row while the first is under way, and finds the sequence raised if it succeeded, however late.
 *
 * <h2>Why it is written like this</h2>
 *
 * It leaves nothing behind in its session, so it runs through any pool. Its plan does not depend on
 * estimates: every list is either unnested once or an array of numbers that is indexed, so a
 * generic plan is as good as another. If a channel's row is gone the lists differ in length, the
 * channel of an event becomes null, and the NOT NULL constraint undoes the whole statement.
 * Synchronous commits are insisted on because a crash could otherwise take back events that readers
 * have seen, and give their offsets to others.
 */
final class PublishStatement {

    private static final String SQL =
            """
            WITH config AS MATERIALIZED (
                SELECT set_config('lock_timeout', ?, true),
                       set_config('synchronous_commit',
                           CASE current_setting('synchronous_commit')
                               WHEN 'off' THEN 'on'
                               ELSE current_setting('synchronous_commit') END, true)
            ), mark AS (
                UPDATE channels_publisher SET sequence = ?, seen = now()
                WHERE id = ? AND sequence < ? AND EXISTS (SELECT 1 FROM config)
                RETURNING id
            ), locked AS MATERIALIZED (
                SELECT id FROM channels_channel
                WHERE id = ANY (?::bigint[]) AND EXISTS (SELECT 1 FROM mark)
                ORDER BY id FOR UPDATE
            ), ranked AS (
                SELECT id, row_number() OVER (ORDER BY id) AS rank FROM locked
            ), numbered AS (
                UPDATE channels_channel AS c
                SET last_offset = c.last_offset + (?::int[])[r.rank],
                    tx = txid_current(), updated = now()
                FROM ranked AS r WHERE c.id = r.id
                RETURNING c.id, r.rank, c.last_offset - (?::int[])[r.rank] AS before
            ), lists AS (
                SELECT array_agg(id ORDER BY rank) AS ids,
                       array_agg(before ORDER BY rank) AS befores
                FROM numbered
            ), inserted AS (
                INSERT INTO channels_event (channel_id, "offset", payload, headers)
                SELECT CASE WHEN cardinality(l.ids) = ? THEN l.ids[t.target >> 32] END,
                       l.befores[t.target >> 32] + (t.target & 4294967295),
                       p.payload, p.headers
                FROM mark CROSS JOIN lists AS l
                CROSS JOIN unnest(?::bytea[], ?::bytea[], ?::text[])
                    AS p(payload, headers, targets)
                CROSS JOIN LATERAL unnest(p.targets::bigint[]) AS t(target)
            )
            SELECT count(*) FROM mark
            """;

    private final String sql;
    private final long publisherId;
    private final String lockTimeout;

    /**
     * Makes a statement.
     *
     * @param tables the names of the tables
     * @param publisherId the id of this node's row in the table of publishers
     * @param lockTimeoutMillis how long to wait for another publisher of the same channels; shorter
     *     than the client waits for an answer, so that the server does not do it afterwards
     */
    PublishStatement(TableNames tables, long publisherId, long lockTimeoutMillis) {
        this.sql = tables.in(SQL);
        this.publisherId = publisherId;
        this.lockTimeout = lockTimeoutMillis + "ms";
    }

    /**
     * Runs the statement.
     *
     * @param connection in auto-commit mode
     * @param chunk the publications
     * @param rows the same, laid out
     * @return false if nothing was done because the publisher's sequence is not below the chunk's,
     *     or because it has no row
     */
    boolean execute(Connection connection, Chunk chunk, Chunk.Rows rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int i = 0;
            statement.setString(++i, lockTimeout);
            statement.setLong(++i, chunk.lastSequence());
            statement.setLong(++i, publisherId);
            statement.setLong(++i, chunk.firstSequence());
            statement.setArray(++i, connection.createArrayOf("int8", rows.ids()));
            statement.setArray(++i, connection.createArrayOf("int4", rows.counts()));
            statement.setArray(++i, connection.createArrayOf("int4", rows.counts()));
            statement.setInt(++i, rows.ids().length);
            statement.setArray(++i, connection.createArrayOf("bytea", rows.payloads()));
            statement.setArray(++i, connection.createArrayOf("bytea", rows.headers()));
            statement.setArray(++i, connection.createArrayOf("text", rows.targets()));
            try (ResultSet marked = statement.executeQuery()) {
                return marked.next() && marked.getLong(1) == 1;
            }
        }
    }
}
