package dev.channels.backend.postgresql.publish;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.Notifier;
import dev.channels.backend.postgresql.tables.TableEpoch;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.tables.TableSchema;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Publishes the batches, one after another, and wakes the readers of all nodes. */
public final class Publisher implements Worker.Job {

    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(10);
    private static final int MAX_ATTEMPTS = 10;

    private record Batch(List<Publication> publications, CompletableFuture<Void> done) {}

    private final TableNames tables;
    private final TableSchema schema;
    private final TableEpoch tableEpoch;
    private final Notifier notifier;
    private final Failures failures;
    private final long id;
    private final PublishStatement insert;
    private final ChannelIds channelIds;
    private final Inbox<Batch> inbox = new Inbox<>();

    /** Why the inbox is closed. */
    private volatile @Nullable Throwable cause;

    /** The batch being published; used by the worker's thread only. */
    private @Nullable Batch current;

    /**
     * Those of the present batch that were refused. A repetition is told by the publisher's
     * sequence only that a later publication was accepted, not that these were not. Used by the
     * worker's thread only.
     */
    private final Map<Publication, Throwable> rejected = new HashMap<>();

    public Publisher(
            TableNames tables,
            TableSchema schema,
            TableEpoch tableEpoch,
            Notifier notifier,
            Failures failures,
            long id,
            Duration timeout) {
        this.tables = tables;
        this.schema = schema;
        this.tableEpoch = tableEpoch;
        this.notifier = notifier;
        this.failures = failures;
        this.id = id;
        this.insert = new PublishStatement(tables, id, timeout.toMillis() * 4 / 5);
        this.channelIds = new ChannelIds(tables);
    }

    public CompletionStage<Void> publish(List<Publication> publications) {
        Batch batch = new Batch(publications, new CompletableFuture<>());
        if (!inbox.offer(batch)) {
            batch.done.completeExceptionally(failures.unavailable(cause));
        }
        return batch.done;
    }

    @Override
    public void wake() {
        inbox.wake();
    }

    @Override
    public void connected(SupervisedConnection database) throws SQLException {
        database.use(
                connection -> {
                    schema.prepare(connection);
                    tableEpoch.verify(connection);
                    register(connection, Long.MIN_VALUE);
                    notifier.ping(connection);
                });
        inbox.open();
    }

    @Override
    public void step(SupervisedConnection database) throws SQLException, InterruptedException {
        Batch batch = inbox.take(PROBE_INTERVAL);
        if (batch == null) {
            database.probe();
            return;
        }
        current = batch;
        database.use(connection -> attempt(database, connection, batch));
        current = null;
    }

    @Override
    public void lost(Throwable why) {
        cause = why;
        List<Batch> unpublished = new ArrayList<>();
        if (current != null) {
            unpublished.add(current);
            current = null;
        }
        unpublished.addAll(inbox.close());
        unpublished.forEach(batch -> batch.done.completeExceptionally(failures.unavailable(why)));
    }

    /** Others that hold the channels' rows are no outage: the batch is to come again. */
    private void attempt(SupervisedConnection database, Connection connection, Batch batch)
            throws SQLException {
        try {
            publish(database, connection, batch);
        } catch (SQLException e) {
            if (!Failures.isContention(e)) {
                throw e;
            }
            batch.done.completeExceptionally(failures.unavailable(e));
        }
    }

    private void publish(SupervisedConnection database, Connection connection, Batch batch)
            throws SQLException {
        rejected.keySet().retainAll(Set.copyOf(batch.publications));
        List<Publication> accepted = new ArrayList<>(batch.publications.size());
        for (Publication publication : batch.publications) {
            if (publication.payload().length > TableSchema.MAX_PAYLOAD_BYTES) {
                rejected.put(publication, tooLarge(publication));
            } else if (!rejected.containsKey(publication)) {
                accepted.add(publication);
            }
        }
        SQLException unnotified = null;
        for (Chunk chunk : Chunk.cut(accepted)) {
            insertOrReject(database, connection, chunk);
            // The events are in; readers that are not woken come by themselves.
            unnotified = unnotified == null ? notify(connection, chunk.channels()) : unnotified;
        }
        if (rejected.isEmpty()) {
            batch.done.complete(null);
        } else {
            batch.done.completeExceptionally(new PublicationsRejectedException(rejected));
        }
        if (unnotified != null) {
            throw unnotified;
        }
    }

    private static ChannelsException tooLarge(Publication publication) {
        return new ChannelsException(
                ErrorCode.PUBLISH_FAILED,
                "An event of "
                        + publication.payload().length
                        + " bytes is too large for PostgreSQL: at most "
                        + TableSchema.MAX_PAYLOAD_BYTES
                        + " bytes are stored. Publish a reference to the data instead.");
    }

    private void insertOrReject(SupervisedConnection database, Connection connection, Chunk chunk)
            throws SQLException {
        try {
            insert(database, connection, chunk);
        } catch (SQLException e) {
            if (!Failures.isCausedByData(e)) {
                throw e;
            }
            if (chunk.publications().size() == 1) {
                rejected.put(chunk.publications().get(0), e);
                return;
            }
            for (Publication publication : chunk.publications()) {
                insertOrReject(database, connection, new Chunk(List.of(publication)));
            }
        }
    }

    private void insert(SupervisedConnection database, Connection connection, Chunk chunk)
            throws SQLException {
        SQLException last = null;
        Chunk rest = chunk;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
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
        throw last == null ? new SQLException("The publisher's row is contended", "40001") : last;
    }

    /** Returns what an earlier attempt left to do, or null if it did everything. */
    private @Nullable Chunk notAccepted(Connection connection, Chunk chunk) throws SQLException {
        String sql = tables.in("SELECT sequence FROM channels_publisher WHERE id = ?");
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
                tables.in(
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
            notifier.notify(connection, channels);
            return null;
        } catch (SQLException e) {
            return e;
        }
    }
}
