package dev.channels.backend.postgresql.outbox;

import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.ChannelRows;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.spi.Log;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Moves what transactions of the application have left in the outbox to its channels, in the order
 * of their tickets. Used by one thread; only {@link #wake} may be called by others.
 *
 * <h2>Why every event comes once, and in order</h2>
 *
 * <ol>
 *   <li>Rows are removed from the outbox and become events by one transaction: whatever breaks it
 *       off, either both happened or neither.
 *   <li>All nodes do it, one at a time: the transaction begins with an advisory lock, which ends
 *       with it, and only then takes the snapshot in which it looks. PostgreSQL makes a commit
 *       visible before it releases its locks, so this snapshot sees what the one before has
 *       removed.
 *   <li>A snapshot that sees a transaction sees every one that had committed before it. Where two
 *       are seen together the tickets say which comes first, and one that had committed before the
 *       other drew its ticket has the lower one. So no transaction comes before one that it can
 *       have seen. Two whose commits overlap come in either order, as if one had followed the
 *       other.
 *   <li>A transaction is visible as a whole and is moved as a whole.
 * </ol>
 *
 * <p>Nobody waits for a transaction that is under way, however long it is: it is not visible, and
 * is moved when it is.
 *
 * <pre>
 *   IDLE ── wake, or poll interval over ──▶ MOVING (page by page) ── nothing left ──▶ IDLE
 *                                             │         ▲
 *          the tables refuse what is in a page│         │ every transaction of it tried
 *                                             ▼         │
 *                                           ONE BY ONE ─┘  what is refused alone is left behind
 * </pre>
 */
public final class Relay {

    private static final int MAX_ATTEMPTS = 10;

    private final Tables tables;
    private final RelayStatements statements;
    private final ChannelRows channelRows;
    private final long pollNanos;
    private final AtomicBoolean woken = new AtomicBoolean(true);
    private long lookedAt = System.nanoTime();

    /**
     * Makes a relay.
     *
     * @param tables from where and to where
     * @param timeout how long to wait for an answer
     * @param pollInterval how long what a node left that is gone may lie
     */
    public Relay(Tables tables, Duration timeout, Duration pollInterval) {
        this.tables = tables;
        this.statements = new RelayStatements(tables.names(), timeout.toMillis());
        this.channelRows = new ChannelRows(tables.names());
        this.pollNanos = pollInterval.toNanos();
    }

    /** Says that something has been left in the outbox. */
    public void wake() {
        woken.set(true);
    }

    /** Returns after what time to call again if nobody calls {@link #wake}. */
    public Duration rest() {
        return Duration.ofNanos(Math.max(0, pollNanos - (System.nanoTime() - lookedAt)));
    }

    /**
     * Moves everything that has been committed by now, if there may be anything.
     *
     * @param database the way to the database
     * @return whether the database was asked
     * @throws SQLException if that failed; to be tried again
     */
    public boolean run(SupervisedConnection database) throws SQLException {
        boolean known = woken.getAndSet(false);
        if (!known && System.nanoTime() - lookedAt < pollNanos) {
            return false;
        }
        try {
            if (known || database.run(statements::isAny)) {
                empty(database);
            }
            lookedAt = System.nanoTime();
            return true;
        } catch (SQLException | RuntimeException | Error e) {
            woken.set(true);
            throw e;
        }
    }

    private void empty(SupervisedConnection database) throws SQLException {
        boolean more = true;
        while (more) {
            try {
                more = retried(database, connection -> movePage(database, connection));
            } catch (SQLException e) {
                if (!Failures.isCausedByData(e)) {
                    throw e;
                }
                moveOneByOne(database);
            }
        }
    }

    /** Tries again what others were in the way of, or what a channel's row was missing for. */
    private static <T> T retried(SupervisedConnection database, SupervisedConnection.Task<T> task)
            throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return database.run(task);
            } catch (SQLException e) {
                boolean passing = Failures.isConflict(e) || Failures.isMissingChannel(e);
                if (!passing || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Moves the next page, and returns whether there may be another. */
    private boolean movePage(SupervisedConnection database, Connection connection)
            throws SQLException {
        boolean[] more = new boolean[1];
        List<String> channels =
                RelayTransaction.run(
                        connection,
                        statements,
                        page -> {
                            more[0] = page.more();
                            return move(database, connection, page, page.tickets());
                        });
        tell(connection, channels);
        return more[0];
    }

    /** Tries each transaction of the next page alone, and leaves behind what is refused. */
    private void moveOneByOne(SupervisedConnection database) throws SQLException {
        RelayStatements.Page tried =
                database.run(
                        connection -> RelayTransaction.run(connection, statements, page -> page));
        for (long ticket : tried.tickets()) {
            try {
                retried(database, connection -> moveAlone(database, connection, ticket));
            } catch (SQLException e) {
                if (!Failures.isCausedByData(e)) {
                    throw e;
                }
                database.use(connection -> leave(connection, ticket, e));
            }
        }
    }

    private boolean moveAlone(SupervisedConnection database, Connection connection, long ticket)
            throws SQLException {
        List<String> channels =
                RelayTransaction.run(
                        connection,
                        statements,
                        page ->
                                page.tickets().contains(ticket)
                                        ? move(database, connection, page, List.of(ticket))
                                        : List.of());
        tell(connection, channels);
        return true;
    }

    private void leave(Connection connection, long ticket, SQLException why) throws SQLException {
        statements.refuse(connection, ticket, String.valueOf(why.getMessage()));
        Log.warn(
                ErrorCode.PUBLISH_FAILED,
                "What a transaction has published is refused by the tables of PostgreSQL, and"
                        + " stays in "
                        + tables.names().qualified("outbox")
                        + " with the ticket "
                        + ticket
                        + ". Change what refuses it, and set its column refused to null.",
                why);
    }

    private List<String> move(
            SupervisedConnection database,
            Connection connection,
            RelayStatements.Page page,
            List<Long> tickets)
            throws SQLException {
        if (tickets.isEmpty()) {
            return List.of();
        }
        if (!page.newChannels().isEmpty()) {
            channelRows.make(connection, page.newChannels());
        }
        return database.moving(
                Tables.MAX_PAYLOAD_BYTES, () -> statements.move(connection, tickets));
    }

    /** The events are in; readers that are not woken come by themselves. */
    private void tell(Connection connection, List<String> channels) throws SQLException {
        if (!channels.isEmpty()) {
            tables.notifier().notify(connection, channels);
        }
    }
}
