package dev.channels.backend.postgresql.publish;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.outbox.Relay;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import java.sql.Connection;
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

/**
 * Publishes the batches, one after another.
 *
 * <p>A batch in which this JVM fails, for example for want of memory, and neither the database nor
 * the network, is published again one by one, and what fails alone is rejected:
 *
 * <pre>
 *   TOGETHER ── an error ──▶ ONE BY ONE ── an error: reject that one ──▶ ONE BY ONE
 *       │                        │
 *       └──────── settled ◀──────┘
 * </pre>
 */
public final class Publisher implements Worker.Job {

    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(10);

    private record Batch(List<Publication> publications, CompletableFuture<Void> done) {}

    private final BatchWriter writer;
    private final Failures failures;
    private final Inbox<Batch> inbox = new Inbox<>();
    private final Inbox<Batch>.Taker taker = inbox.taker();

    /** Comes before each batch, which may follow a transaction of the same thread; or null. */
    private final @Nullable Relay relay;

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

    /**
     * Makes the job.
     *
     * @param tables where to
     * @param failures says what a failure means
     * @param id of this node's row in the table of publishers
     * @param timeout how long to wait for an answer
     * @param relay publishes what transactions of the application have written; null where they
     *     write nothing
     */
    public Publisher(
            Tables tables, Failures failures, long id, Duration timeout, @Nullable Relay relay) {
        this.failures = failures;
        this.relay = relay;
        this.writer = new BatchWriter(tables, failures, id, timeout);
    }

    /** Publishes a batch; see {@link dev.channels.spi.ChannelsBackend#publish}. */
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

    /** Says that a transaction of the application has left something to be published. */
    public void wakeRelay() {
        if (relay != null) {
            relay.wake();
            inbox.wake();
        }
    }

    @Override
    public void connected(SupervisedConnection database) throws SQLException {
        database.use(writer::prepare);
        taker.open();
    }

    @Override
    public void step(SupervisedConnection database) throws SQLException, InterruptedException {
        Batch batch = taker.take(rest());
        current = batch;
        boolean asked = relay(database, batch);
        if (batch == null) {
            if (!asked) {
                database.probe();
            }
        } else if (!batch.done.isDone()) {
            publish(database, batch);
        }
        current = null;
    }

    private Duration rest() {
        return relay == null || relay.rest().compareTo(PROBE_INTERVAL) > 0
                ? PROBE_INTERVAL
                : relay.rest();
    }

    /**
     * Relays what has been committed; others that do the same for long are no outage, but the batch
     * is to come again, since it must not be first.
     *
     * @return whether the database was asked
     */
    private boolean relay(SupervisedConnection database, @Nullable Batch batch)
            throws SQLException {
        if (relay == null) {
            return false;
        }
        try {
            return relay.run(database);
        } catch (SQLException e) {
            if (!Failures.isContention(e)) {
                throw e;
            }
            if (batch != null) {
                batch.done.completeExceptionally(failures.unavailable(e));
            }
            return true;
        }
    }

    private void publish(SupervisedConnection database, Batch batch) throws SQLException {
        rejected.keySet().retainAll(Set.copyOf(batch.publications));
        if (!isPublished(database, batch, false)) {
            while (!isPublished(database, batch, true)) {
                // One more is rejected.
            }
        }
    }

    /** Returns whether the batch is settled; if not, this JVM failed, and not the database. */
    private boolean isPublished(SupervisedConnection database, Batch batch, boolean oneByOne)
            throws SQLException {
        try {
            database.use(connection -> attempt(database, connection, batch, oneByOne));
            return true;
        } catch (ChannelsException e) {
            throw e; // it says what is wrong with the tables
        } catch (RuntimeException | Error e) {
            if (oneByOne) {
                reject(batch, e);
            }
            return batch.done.isDone();
        }
    }

    private void reject(Batch batch, Throwable why) {
        ChannelsException reason =
                new ChannelsException(
                        ErrorCode.PUBLISH_FAILED,
                        "An event could not be handed to PostgreSQL, alone either: " + why,
                        why);
        Publication failed = writer.writing();
        if (failed == null || rejected.put(failed, reason) != null) {
            batch.done.completeExceptionally(reason); // it is none of the publications
        }
    }

    /** Others that hold the channels' rows are no outage: the batch is to come again. */
    private void attempt(
            SupervisedConnection database, Connection connection, Batch batch, boolean oneByOne)
            throws SQLException {
        SQLException unnotified;
        try {
            unnotified = writer.write(database, connection, batch.publications, rejected, oneByOne);
        } catch (SQLException e) {
            if (!Failures.isContention(e)) {
                throw e;
            }
            batch.done.completeExceptionally(failures.unavailable(e));
            return;
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

    @Override
    public void lost(Throwable why) {
        cause = why;
        List<Batch> unpublished = new ArrayList<>();
        if (current != null) {
            unpublished.add(current);
            current = null;
        }
        unpublished.addAll(taker.close());
        unpublished.forEach(batch -> batch.done.completeExceptionally(failures.unavailable(why)));
    }
}
