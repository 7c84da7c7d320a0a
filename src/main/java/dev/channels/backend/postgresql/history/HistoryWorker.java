package dev.channels.backend.postgresql.history;

import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.Notifier;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.tables.TableSchema;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Log;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the history for others and, between two requests, cleans up. */
public final class HistoryWorker implements Worker.Job, ChannelHistory {

    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(10);

    private record Request(
            SupervisedConnection.Task<HistorySlice> task, CompletableFuture<HistorySlice> answer) {}

    private final HistoryQuery query;
    private final Cleaner cleaner;
    private final Notifier notifier;
    private final Failures failures;
    private final long cleanupNanos;
    private final Inbox<Request> inbox = new Inbox<>();

    /** Why the inbox is closed. */
    private volatile @Nullable Throwable cause;

    /** The request at work; used by the worker's thread only, as is all below. */
    private @Nullable Request current;

    private long cleanedAt = System.nanoTime();
    private boolean cleaningFails;

    public HistoryWorker(
            TableNames tables,
            long history,
            Duration retention,
            Duration cleanupInterval,
            Notifier notifier,
            Failures failures) {
        this.query = new HistoryQuery(tables, history);
        this.cleaner = new Cleaner(tables, history, retention, cleanupInterval);
        this.notifier = notifier;
        this.failures = failures;
        this.cleanupNanos = cleanupInterval.toNanos();
    }

    @Override
    public CompletionStage<HistorySlice> last(String channel, int limit) {
        return ask(connection -> query.last(connection, channel, limit));
    }

    @Override
    public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
        return ask(connection -> query.after(connection, channel, position, limit));
    }

    @Override
    public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
        return ask(connection -> query.before(connection, channel, position, limit));
    }

    private CompletionStage<HistorySlice> ask(SupervisedConnection.Task<HistorySlice> task) {
        Request request = new Request(task, new CompletableFuture<>());
        if (!inbox.offer(request)) {
            request.answer.completeExceptionally(failures.unavailable(cause));
        }
        return request.answer;
    }

    @Override
    public void wake() {
        inbox.wake();
    }

    @Override
    public void connected(SupervisedConnection database) throws SQLException {
        database.use(notifier::ping);
        inbox.open();
    }

    @Override
    public void step(SupervisedConnection database) throws SQLException, InterruptedException {
        long untilCleanup = cleanupNanos - (System.nanoTime() - cleanedAt);
        long patience = cleaner.isBusy() ? 0 : Math.min(untilCleanup, PROBE_INTERVAL.toNanos());
        Request request = inbox.take(Duration.ofNanos(Math.max(0, patience)));
        if (request != null) {
            current = request;
            Runnable outcome =
                    database.run(
                            connection ->
                                    database.moving(
                                            TableSchema.MAX_PAYLOAD_BYTES,
                                            () -> read(connection, request)));
            current = null;
            outcome.run();
        } else if (cleaner.isBusy() || untilCleanup <= 0) {
            database.use(this::clean);
        } else {
            database.probe();
        }
    }

    /** Returns what tells the answer; a request that fails alone is no outage. */
    private Runnable read(Connection connection, Request request) throws SQLException {
        try {
            HistorySlice slice = request.task.run(connection);
            return () -> request.answer.complete(slice);
        } catch (SQLException e) {
            if (Failures.isDisconnection(e)) {
                throw e;
            }
            return () -> request.answer.completeExceptionally(failures.unreadable(e));
        }
    }

    /** Cleaning that fails is no outage, as long as there is a connection. */
    private void clean(Connection connection) throws SQLException {
        try {
            if (cleaner.isBusy()) {
                cleaner.step(connection);
            } else {
                cleanedAt = System.nanoTime();
                cleaner.begin(connection);
            }
            cleaningFails = false;
        } catch (SQLException e) {
            cleaner.giveUp();
            if (Failures.isDisconnection(e)) {
                throw e;
            }
            if (!cleaningFails && !Failures.isConflict(e)) {
                cleaningFails = true;
                Log.warn(
                        ErrorCode.STATE,
                        "removing old events from PostgreSQL failed; it will be tried again",
                        e);
            }
        }
    }

    @Override
    public void lost(Throwable why) {
        cause = why;
        cleaner.giveUp();
        Request interrupted = current;
        current = null;
        if (interrupted != null) {
            interrupted.answer.completeExceptionally(failures.unavailable(why));
        }
        List<Request> rest = inbox.close();
        rest.forEach(request -> request.answer.completeExceptionally(failures.unavailable(why)));
    }
}
