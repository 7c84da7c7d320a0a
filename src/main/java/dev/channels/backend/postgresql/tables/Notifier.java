package dev.channels.backend.postgresql.tables;

import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.spi.Log;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Notifies the listeners of all nodes, and understands what was notified. Safe for use by any
 * thread.
 *
 * <p>The payload is {@code 1/name/name}, where 1 is the version of this form; {@code 1} alone is
 * about any channel, {@code 1/} about none.
 *
 * <p>A notification that the server refuses, its queue being full or the right to notify being
 * revoked, costs time and nothing else: the readers poll.
 *
 * <p>A notification is a transaction of its own, and not part of the one that publishes: a
 * transaction that notifies holds a lock of the whole cluster while it commits, so that publishing
 * nodes, and other users of NOTIFY, would wait for each other's disk writes. Where there is nothing
 * to be written to disk the lock is held for microseconds.
 */
public final class Notifier {

    /** PostgreSQL manual, NOTIFY: "must be specified as … less than 8000 bytes". */
    private static final int MAX_BYTES = 7_999;

    /** No name holds a slash. */
    private static final String BETWEEN = "/";

    /** What every payload begins with; what follows it is of this version's form. */
    private static final String VERSION = "1";

    private static final String PING = VERSION + BETWEEN;

    private final String topic;

    /** Whether the last notification was refused. */
    private final AtomicBoolean refused = new AtomicBoolean();

    Notifier(String topic) {
        this.topic = topic;
    }

    /** Says that channels may have news. */
    public void notify(Connection connection, Collection<String> channels) throws SQLException {
        send(connection, payload(channels));
    }

    /** Says nothing, which wakes the listener of this node, to have its connection verified. */
    public void ping(Connection connection) throws SQLException {
        send(connection, PING);
    }

    private void send(Connection connection, String payload) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, topic);
            statement.setString(2, payload);
            statement.execute();
            refused.set(false);
        } catch (SQLException e) {
            if (Failures.isDisconnection(e)) {
                throw e;
            }
            if (!refused.getAndSet(true)) {
                Log.warn(
                        ErrorCode.STATE,
                        "PostgreSQL refuses notifications; events arrive at the pace of the poll",
                        e);
            }
        }
    }

    /** Returns what to notify: the names, or none, for any channel, if they are too many. */
    static String payload(Collection<String> channels) {
        String names = PING + String.join(BETWEEN, channels);
        int bytes = names.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= MAX_BYTES ? names : VERSION;
    }

    /**
     * Tells which channels a notification is about.
     *
     * @param payload what came
     * @return their names, none for a ping; or null if it may be any channel
     */
    public static @Nullable List<String> channels(String payload) {
        return payload.startsWith(PING)
                ? List.of(payload.substring(PING.length()).split(BETWEEN, -1))
                : null;
    }

    /** Tells whether a notification is of a form that this version of the library knows. */
    public static boolean isKnown(String payload) {
        return payload.equals(VERSION) || payload.startsWith(PING);
    }
}
