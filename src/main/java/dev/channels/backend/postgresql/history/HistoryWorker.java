package dev.channels.backend.postgresql.history;

import dev.channels.ChannelsException;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.history.HistoryRequests.Request;
import dev.channels.backend.postgresql.tables.ChannelRows;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.HistorySlice;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers what is asked of the history, one request after another. */
public final class HistoryWorker implements Worker.Job {

    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(10);

    private final HistoryRequests requests;
    private final Inbox<Request>.Taker taker;
    private final Tables tables;
    private final ChannelRows rows;
    private final Failures failures;

    /** The request at work; used by the worker's thread only. */
    private @Nullable Request current;

    /**
     * Makes the job.
     *
     * @param requests what to answer
     * @param tables where the history is
     * @param failures says what a failure means
     */
    public HistoryWorker(HistoryRequests requests, Tables tables, Failures failures) {
        this.requests = requests;
        this.taker = requests.taker();
        this.tables = tables;
        this.rows = new ChannelRows(tables.names());
        this.failures = failures;
    }

    @Override
    public void wake() {
        requests.wake();
    }

    @Override
    public void connected(SupervisedConnection database) throws SQLException {
        database.use(
                connection -> {
                    tables.prepare(connection);
                    tables.notifier().ping(connection);
                });
        taker.open();
    }

    @Override
    public void step(SupervisedConnection database) throws SQLException, InterruptedException {
        Request request = taker.take(PROBE_INTERVAL);
        if (request == null) {
            database.probe();
        } else if (!request.answer().isDone()) {
            current = request;
            Runnable outcome = answer(database, request);
            current = null;
            outcome.run();
        }
    }

    /** A request in which this JVM fails, for example for want of memory, is no outage. */
    private Runnable answer(SupervisedConnection database, Request request) throws SQLException {
        try {
            return database.run(
                    connection ->
                            database.moving(
                                    Tables.MAX_PAYLOAD_BYTES, () -> read(connection, request)));
        } catch (ChannelsException e) {
            throw e; // it says what is wrong with the tables
        } catch (RuntimeException | Error e) {
            return () -> request.answer().completeExceptionally(failures.unreadable(e));
        }
    }

    /** Returns what tells the answer; a request that fails alone is no outage. */
    private Runnable read(Connection connection, Request request) throws SQLException {
        try {
            HistorySlice slice = slice(connection, request);
            return () -> request.answer().complete(slice);
        } catch (SQLException e) {
            if (Failures.isDisconnection(e)) {
                throw e;
            }
            return () -> request.answer().completeExceptionally(failures.unreadable(e));
        }
    }

    /** A channel without a row gets one: its first event is to continue the position told now. */
    private HistorySlice slice(Connection connection, Request request) throws SQLException {
        var slice = request.query().read(connection);
        if (slice.isEmpty()) {
            tables.epoch().verify(connection); // somebody may have emptied the tables
            rows.make(connection, Set.of(request.channel()));
            slice = request.query().read(connection);
        }
        return slice.orElseThrow(
                () -> new SQLException("The channel's row vanishes as it is made", "40001"));
    }

    @Override
    public void lost(Throwable why) {
        Request interrupted = current;
        current = null;
        requests.lost(taker, interrupted, why);
    }
}
