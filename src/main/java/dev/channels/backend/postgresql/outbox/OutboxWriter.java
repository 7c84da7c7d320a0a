package dev.channels.backend.postgresql.outbox;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.DataSourceConnections;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.tables.EventRow;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.spi.Publication;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Writes into the outbox by the transactions of the application. Safe for use by any thread.
 *
 * <h2>Why it is right</h2>
 *
 * <p>The ticket is drawn, and the rows are written, when the commit has begun: what a transaction
 * has seen of another one, that one had committed before, and so it has the lower ticket. Nothing
 * is locked: the rows are the transaction's own, and a sequence waits for no transaction.
 */
public final class OutboxWriter {

    /** What one statement writes; the memory of the driver holds it several times. */
    private static final int CHUNK_EVENTS = 2_000;

    private static final long CHUNK_BYTES = 4 << 20;

    /** What a row costs beside its payload. */
    private static final int ROW_BYTES = 256;

    /** What is moved together, in one statement that a server answers in seconds. */
    private static final long MAX_BYTES = Tables.MAX_PAYLOAD_BYTES;

    private final DataSourceConnections connections;
    private final Failures failures;
    private final String address;
    private final OutboxStatement statement;

    /** Whether the data source is known to take part in transactions. */
    private volatile boolean verified;

    /**
     * Makes the writer.
     *
     * @param connections to the data source of the application
     * @param tables the names of the tables
     * @param failures says what a failure means
     * @param address which data source it is, for messages
     */
    public OutboxWriter(
            DataSourceConnections connections,
            TableNames tables,
            Failures failures,
            String address) {
        this.connections = connections;
        this.failures = failures;
        this.address = address;
        this.statement = new OutboxStatement(tables);
    }

    /** See {@link dev.channels.spi.ChannelOutbox#verify}. */
    public void verify() {
        try {
            requireTransaction(ErrorCode.START_FAILED);
        } catch (SQLException e) {
            throw failures.reported(e);
        }
    }

    /**
     * What a connection began must still be under way when the connection is given back: otherwise
     * the data source commits by itself.
     */
    private void requireTransaction(ErrorCode code) throws SQLException {
        long begun;
        try (Connection connection = connections.borrowInTransaction();
                Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT txid_current()")) {
            row.next();
            begun = row.getLong(1);
        }
        try (Connection connection = connections.borrowInTransaction();
                PreparedStatement query = connection.prepareStatement("SELECT txid_status(?)")) {
            query.setLong(1, begun);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                String status = row.getString(1);
                if (!"in progress".equals(status)) {
                    throw new ChannelsException(
                            code,
                            "Events cannot join a transaction: "
                                    + address
                                    + " takes no part in JTA transactions, what was begun by it in"
                                    + " one is "
                                    + status
                                    + " before it ends. Make it a JTA data source (jta=true on"
                                    + " WildFly, transactional=true on Open Liberty, transactional"
                                    + " connections on Payara), or leave"
                                    + " channels.postgresql.publish-in-transaction out.");
                }
            }
        }
        verified = true;
    }

    /** See {@link dev.channels.spi.ChannelOutbox#write}. */
    public void write(List<Publication> publications) {
        requireBounded(publications);
        try {
            if (!verified) {
                requireTransaction(ErrorCode.PUBLISH_FAILED);
            }
            try (Connection connection = connections.borrowInTransaction()) {
                write(connection, publications);
            }
        } catch (SQLException e) {
            throw new ChannelsException(
                    ErrorCode.PUBLISH_FAILED,
                    "Events could not be written by the transaction that publishes them, which"
                            + " rolls back: "
                            + failures.reported(e).getMessage(),
                    e);
        }
    }

    private void write(Connection connection, List<Publication> publications) throws SQLException {
        Long ticket = null;
        int from = 0;
        while (from < publications.size()) {
            int to = endOfChunk(publications, from);
            ticket = statement.execute(connection, ticket, from, publications.subList(from, to));
            from = to;
        }
    }

    private static int endOfChunk(List<Publication> publications, int from) {
        long bytes = 0;
        int to = from;
        while (to < publications.size() && to - from < CHUNK_EVENTS) {
            bytes += EventRow.size(publications.get(to));
            if (to > from && bytes > CHUNK_BYTES) {
                break;
            }
            to++;
        }
        return to;
    }

    /** One event alone may be as large as any; several share the bound. */
    private static void requireBounded(List<Publication> publications) {
        long bytes = 0;
        for (Publication publication : publications) {
            bytes += (ROW_BYTES + EventRow.size(publication)) * publication.channels().size();
        }
        if (publications.size() > 1 && bytes > MAX_BYTES) {
            throw new ChannelsException(
                    ErrorCode.EVENT_TOO_LARGE,
                    "The "
                            + publications.size()
                            + " events of one transaction have "
                            + bytes
                            + " bytes, "
                            + ROW_BYTES
                            + " for each being counted beside its payload: at most "
                            + MAX_BYTES
                            + " are moved together. Publish fewer or smaller ones in a"
                            + " transaction, or by atOnce(); this one rolls back.");
        }
    }
}
