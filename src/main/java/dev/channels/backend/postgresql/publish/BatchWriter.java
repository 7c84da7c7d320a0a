package dev.channels.backend.postgresql.publish;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.spi.Publication;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes batches into the tables and wakes the readers of all nodes. Used by one thread. */
final class BatchWriter {

    /** So often it is tried at least, however slow the database is. */
    private static final int MIN_ATTEMPTS = 10;

    private final Tables tables;
    private final Failures failures;
    private final long id;
    private final long patienceNanos;
    private final PublishStatement insert;
    private final ChannelIds channelIds;

    /** The only publication of the chunk that is being written, or was when that failed. */
    private @Nullable Publication writing;

    BatchWriter(Tables tables, Failures failures, long id, Duration timeout) {
        this.tables = tables;
        this.failures = failures;
        this.id = id;
        Duration patience = timeout.multipliedBy(4).dividedBy(5);
        this.patienceNanos = patience.toNanos();
        this.insert = new PublishStatement(tables.names(), id, patience.toMillis());
        this.channelIds = new ChannelIds(tables.names());
    }

    /** Sees to it that the tables are there, and this node's row in them. */
    void prepare(Connection connection) throws SQLException {
        tables.prepare(connection);
        register(connection, Long.MIN_VALUE);
        tables.notifier().ping(connection);
    }

    /** Returns what was being written alone when it failed; null if it was none, or several. */
    @Nullable Publication writing() {
        return writing;
    }

    /**
     * Writes a batch, apart from what is rejected.
     *
     * @param database bounds the waiting
     * @param connection in auto-commit mode
     * @param batch what to write
     * @param rejected what was rejected before; is given what is rejected now
     * @param oneByOne whether each publication goes in a transaction of its own
     * @return why the readers were not woken, or null
     */
    @Nullable SQLException write(
            SupervisedConnection database,
            Connection connection,
            List<Publication> batch,
            Map<Publication, Throwable> rejected,
            boolean oneByOne)
            throws SQLException {
        writing = null;
        List<Publication> accepted = new ArrayList<>(batch.size());
        for (Publication publication : batch) {
            if (publication.payload().length > Tables.MAX_PAYLOAD_BYTES) {
                rejected.put(publication, tooLarge(publication));
            } else if (!rejected.containsKey(publication)) {
                accepted.add(publication);
            }
        }
        SQLException unnotified = null;
        for (Chunk chunk : oneByOne ? Chunk.single(accepted) : Chunk.cut(accepted)) {
            insertOrReject(database, connection, chunk, rejected);
            // The events are in; readers that are not woken come by themselves.
            unnotified = unnotified == null ? notify(connection, chunk.channels()) : unnotified;
        }
        return unnotified;
    }

    private static ChannelsException tooLarge(Publication publication) {
        return new ChannelsException(
                ErrorCode.EVENT_TOO_LARGE,
                "An event of "
                        + publication.payload().length
                        + " bytes is too large for PostgreSQL: at most "
                        + Tables.MAX_PAYLOAD_BYTES
                        + " bytes are stored. Publish a reference to the data instead.");
    }

    private void insertOrReject(
            SupervisedConnection database,
            Connection connection,
            Chunk chunk,
            Map<Publication, Throwable> rejected)
            throws SQLException {
        writing = chunk.publications().size() == 1 ? chunk.publications().get(0) : null;
        try {
            insertPrepared(database, connection, chunk);
        } catch (SQLException e) {
            if (Failures.isRefusal(e)) {
                ChannelsException reason = failures.refused(e);
                chunk.publications().forEach(each -> rejected.put(each, reason));
                return;
            }
            if (!Failures.isCausedByData(e)) {
                throw e;
            }
            if (chunk.publications().size() == 1) {
                rejected.put(chunk.publications().get(0), e);
                return;
            }
            for (Chunk single : Chunk.single(chunk.publications())) {
                insertOrReject(database, connection, single, rejected);
            }
        }
    }

    /** Tables that were dropped are made again before a refusal is believed. */
    private void insertPrepared(SupervisedConnection database, Connection connection, Chunk chunk)
            throws SQLException {
        try {
            insert(database, connection, chunk);
        } catch (SQLException e) {
            if (!Failures.isRefusal(e)) {
                throw e;
            }
            prepare(connection);
            channelIds.forget(chunk.channels());
            insert(database, connection, chunk);
        }
    }

    /** The history of a channel may be deleted again and again meanwhile, and its row with it. */
    private void insert(SupervisedConnection database, Connection connection, Chunk chunk)
            throws SQLException {
        SQLException last = null;
        Chunk rest = chunk;
        long begin = System.nanoTime();
        for (int attempt = 1;
                attempt <= MIN_ATTEMPTS || System.nanoTime() - begin < patienceNanos;
                attempt++) {
            try {
                Map<String, Long> ids = channelIds.of(connection, rest.channels());
                Chunk trying = rest;
                boolean accepted =
                        database.moving(
                                trying.bytes(),
                                () -> insert.execute(connection, trying, trying.rows(ids)));
                if (accepted) {
                    return;
                }
                rest = notAccepted(connection, rest);
                if (rest == null) {
                    return;
                }
            } catch (SQLException e) {
                if (Failures.isMissingChannel(e)) {
                    channelIds.forget(rest.channels());
                } else if (!Failures.isConflict(e)) {
                    throw e;
                }
                last = e;
            }
        }
        if (last == null) {
            throw new SQLException("The publisher's row is contended", "40001");
        }
        throw Failures.isMissingChannel(last)
                ? new SQLException(
                        "Rows of channels vanish as they are published to", "40001", last)
                : last;
    }

    /** Returns what an earlier attempt left to do, or null if it did everything. */
    private @Nullable Chunk notAccepted(Connection connection, Chunk chunk) throws SQLException {
        String sql = tables.names().in("SELECT sequence FROM channels_publisher WHERE id = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    long accepted = row.getLong(1);
                    List<Publication> rest =
                            chunk.publications().stream()
                                    .filter(each -> each.sequence() > accepted)
                                    .toList();
                    return rest.isEmpty() ? null : new Chunk(rest);
                }
            }
        }
        // Somebody emptied the tables.
        register(connection, chunk.firstSequence() - 1);
        return chunk;
    }

    private void register(Connection connection, long sequence) throws SQLException {
        String sql =
                tables.names()
                        .in(
                                """
                        INSERT INTO channels_publisher (id, sequence) VALUES (?, ?)
                        ON CONFLICT DO NOTHING
                        """);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            statement.setLong(2, sequence);
            statement.executeUpdate();
        }
    }

    /** Wakes the readers; returns why that failed, or null. */
    private @Nullable SQLException notify(Connection connection, Set<String> channels) {
        try {
            tables.notifier().notify(connection, channels);
            return null;
        } catch (SQLException e) {
            return e;
        }
    }
}
