package dev.channels.backend.postgresql.history;

import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is past count and age, in small steps. Used by one thread.
 *
 * <p>One node does it at a time: a round belongs to the node that first updates {@code cleaned}
 * once the interval is over. That is a lease and no lock, as an advisory lock of a session does not
 * survive a pool that gives each transaction another session (PgBouncer manual, "Features").
 *
 * <p>By count, only events older than the interval are removed: otherwise a burst larger than the
 * history could be gone before the nodes have read it.
 *
 * <pre>
 *   IDLE ── round is ours ──▶ WALKING (pages of channels) ◀─▶ DELETING (what is due in a page)
 *    ▲                            │ the last page
 *    ├────────────────────────────┤
 *    │                            │ an hour after the last time
 *    └── the last page ── FORGETTING (pages of channels that nobody uses)
 * </pre>
 */
final class Cleaner {

    private static final Duration FORGET = Duration.ofDays(7);
    private static final Duration FORGET_INTERVAL = Duration.ofHours(1);
    private static final int PAGE = 500;
    private static final int DELETE = 1_000;

    /** What lies further in the future than any node can be ahead is a clock that was set back. */
    private static final String CLAIM =
            """
            UPDATE channels_life SET cleaned = now()
            WHERE cleaned <= now() - ? * interval '1 millisecond'
                OR cleaned > now() + ? * interval '1 millisecond'
            """;

    /** Skips from channel to channel by the primary key and sees only the oldest event of each. */
    private static final String DUE =
            """
            WITH RECURSIVE oldest AS (
                (SELECT channel_id, "offset", created FROM channels_event
                 WHERE channel_id > ? ORDER BY channel_id, "offset" LIMIT 1)
                UNION ALL
                SELECT n.channel_id, n."offset", n.created
                FROM oldest AS o CROSS JOIN LATERAL (
                    SELECT channel_id, "offset", created FROM channels_event
                    WHERE channel_id > o.channel_id ORDER BY channel_id, "offset" LIMIT 1) AS n
            )
            SELECT o.channel_id, c.last_offset, o."offset", c.name,
                   (extract(epoch FROM now() - o.created) * 1000)::bigint
            FROM (SELECT * FROM oldest LIMIT ?) AS o
            LEFT JOIN channels_channel AS c ON c.id = o.channel_id
            """;

    /**
     * All up to the newest one that is due: {@code created} is when a transaction began, which is
     * not the order of the offsets, and what is removed must leave no hole.
     */
    private static final String REMOVE =
            """
            DELETE FROM channels_event
            WHERE channel_id = ? AND "offset" <= (
                SELECT max("offset") FROM (
                    SELECT "offset", created FROM channels_event
                    WHERE channel_id = ? ORDER BY "offset" LIMIT ?
                ) AS oldest
                WHERE ("offset" <= ? AND created < now() - ? * interval '1 millisecond')
                    OR created < now() - ? * interval '1 millisecond'
            )
            """;

    private static final String FORGET_PUBLISHERS =
            "DELETE FROM channels_publisher WHERE seen < now() - ? * interval '1 millisecond'";

    /** The outer condition is looked at again if somebody publishes at this moment. */
    private static final String FORGET_CHANNELS =
            """
            DELETE FROM channels_channel WHERE id IN (
                SELECT c.id FROM channels_channel AS c
                WHERE c.updated < now() - ? * interval '1 millisecond' AND NOT EXISTS (
                    SELECT 1 FROM channels_event AS e WHERE e.channel_id = c.id)
                ORDER BY c.id LIMIT ?
            ) AND updated < now() - ? * interval '1 millisecond'
            """;

    private record Due(
            long channelId, long upToOffset, long olderThanMillis, long retentionMillis) {}

    private final TableNames tables;
    private final Retentions retentions;
    private final long intervalMillis;

    private final Queue<Due> due = new ArrayDeque<>();
    private final long forgetNanos;
    private boolean walking;
    private boolean forgetting;
    private long walkedTo;
    private long forgotAt = System.nanoTime();

    Cleaner(TableNames tables, Retentions retentions, Duration interval) {
        this(tables, retentions, interval, FORGET_INTERVAL);
    }

    /** Makes one that forgets unused channels at intervals of another length than an hour. */
    Cleaner(TableNames tables, Retentions retentions, Duration interval, Duration forgetInterval) {
        this.forgetNanos = forgetInterval.toNanos();
        this.tables = tables;
        this.retentions = retentions;
        this.intervalMillis = interval.toMillis();
    }

    /** Begins a round if it is this node's. */
    void begin(Connection connection) throws SQLException {
        walking = update(connection, tables.in(CLAIM), intervalMillis, intervalMillis) == 1;
        walkedTo = Long.MIN_VALUE;
        due.clear();
    }

    /** Gives the round up. */
    void giveUp() {
        walking = false;
        forgetting = false;
        due.clear();
    }

    boolean isBusy() {
        return walking || forgetting || !due.isEmpty();
    }

    /** Does a little of the round. */
    void step(Connection connection) throws SQLException {
        Due next = due.peek();
        if (next != null) {
            if (remove(connection, next) < DELETE) {
                due.remove();
            }
        } else if (walking) {
            walk(connection);
        } else {
            forget(connection);
        }
    }

    private int remove(Connection connection, Due next) throws SQLException {
        return update(
                connection,
                tables.in(REMOVE),
                next.channelId,
                next.channelId,
                DELETE,
                next.upToOffset,
                next.olderThanMillis,
                next.retentionMillis);
    }

    private void walk(Connection connection) throws SQLException {
        int seen = 0;
        try (PreparedStatement statement = connection.prepareStatement(tables.in(DUE))) {
            set(statement, walkedTo, PAGE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    seen++;
                    walkedTo = rows.getLong(1);
                    addIfDue(
                            walkedTo,
                            rows.getString(4),
                            rows.getLong(2),
                            rows.getLong(3),
                            rows.getLong(5));
                }
            }
        }
        if (seen < PAGE) {
            walking = false;
            forgetting = System.nanoTime() - forgotAt >= forgetNanos;
        }
    }

    /** Looks at the oldest event of a channel, whose name is null if the channel is gone. */
    private void addIfDue(
            long id, @Nullable String channel, long last, long offset, long ageMillis) {
        if (channel == null) {
            due.add(new Due(id, Long.MAX_VALUE, 0, 0));
            return;
        }
        ChannelRetention kept = retentions.of(channel);
        long retentionMillis = kept.retention().toMillis();
        long upToOffset = last - kept.history();
        if (offset <= upToOffset || ageMillis > retentionMillis) {
            due.add(new Due(id, upToOffset, intervalMillis, retentionMillis));
        }
    }

    /** Removes rows of channels and publishers that nobody has used for long. */
    private void forget(Connection connection) throws SQLException {
        forgotAt = System.nanoTime();
        long millis = Math.max(FORGET.toMillis(), retentions.longest().toMillis());
        update(connection, tables.in(FORGET_PUBLISHERS), millis);
        forgetting = update(connection, tables.in(FORGET_CHANNELS), millis, PAGE, millis) == PAGE;
    }

    private static int update(Connection connection, String sql, long... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            return statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, long... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setLong(i + 1, parameters[i]);
        }
    }
}
