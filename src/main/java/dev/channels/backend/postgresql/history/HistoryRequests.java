package dev.channels.backend.postgresql.history;

import dev.channels.Position;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.tables.Notifier;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the history, in the order in which it is asked, until a {@link HistoryWorker} is
 * free. Who no longer waits cancels the answer, and it is not read. Safe for use by any thread.
 */
public final class HistoryRequests implements ChannelHistory {

    /** Reads the answer; empty if the channel has no row. */
    @FunctionalInterface
    interface Query {
        Optional<HistorySlice> read(Connection connection) throws SQLException;
    }

    /** One question. */
    record Request(String channel, Query query, CompletableFuture<HistorySlice> answer) {}

    private final HistoryQuery query;
    private final HistoryDeletion deletion;
    private final Notifier notifier;
    private final Failures failures;
    private final Inbox<Request> inbox = new Inbox<>();

    /** Why nobody answers. */
    private volatile @Nullable Throwable cause;

    /**
     * Makes requests that nobody answers yet.
     *
     * @param tables the names of the tables
     * @param notifier tells the other nodes of a history that is gone
     * @param kept how many events the history of a channel holds
     * @param timeout how long an answer may take
     * @param failures says what a failure means
     */
    public HistoryRequests(
            TableNames tables,
            Notifier notifier,
            Retentions kept,
            Duration timeout,
            Failures failures) {
        this.query = new HistoryQuery(tables, kept);
        this.deletion = new HistoryDeletion(tables, timeout.dividedBy(4));
        this.notifier = notifier;
        this.failures = failures;
    }

    @Override
    public CompletionStage<HistorySlice> last(String channel, int limit) {
        return ask(channel, connection -> query.last(connection, channel, limit));
    }

    @Override
    public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
        return ask(channel, connection -> query.after(connection, channel, position, limit));
    }

    @Override
    public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
        return ask(channel, connection -> query.before(connection, channel, position, limit));
    }

    @Override
    public CompletionStage<Void> forget(String channel) {
        return ask(
                        channel,
                        connection -> {
                            deletion.run(connection, channel);
                            notifier.notify(connection, Set.of(channel));
                            return query.last(connection, channel, 0);
                        })
                .thenAccept(forgotten -> {});
    }

    private CompletionStage<HistorySlice> ask(String channel, Query asked) {
        Request request = new Request(channel, asked, new CompletableFuture<>());
        if (!inbox.offer(request)) {
            fail(request, cause);
        }
        return request.answer;
    }

    /** Returns the requests as one more worker takes them. */
    Inbox<Request>.Taker taker() {
        return inbox.taker();
    }

    /** Lets every worker that waits for a request go on. */
    void wake() {
        inbox.wake();
    }

    /** Gives up a worker's requests, and those that no other worker can answer. */
    void lost(Inbox<Request>.Taker taker, @Nullable Request current, Throwable why) {
        cause = why;
        if (current != null) {
            fail(current, why);
        }
        taker.close().forEach(request -> fail(request, why));
    }

    private void fail(Request request, @Nullable Throwable why) {
        request.answer.completeExceptionally(failures.unavailable(why));
    }
}
