package dev.channels.backend.postgresql.lease;

import dev.channels.Position;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.spi.ChannelLeases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LeaseWorker} is asked to do, in the order in which it is asked. Safe for use by any
 * thread.
 */
public final class LeaseRequests implements ChannelLeases {

    /** One call. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** One of them, and who waits for it. */
    record Request<T>(Work<T> work, CompletableFuture<T> answer) {

        /** Returns what tells the answer. */
        Runnable run(Connection connection) throws SQLException {
            T result = work.run(connection);
            return () -> answer.complete(result);
        }
    }

    private final LeaseTable table;
    private final Failures failures;
    private final Inbox<Request<?>> inbox = new Inbox<>();

    /** Why nobody answers. */
    private volatile @Nullable Throwable cause;

    /**
     * Makes requests.
     *
     * @param names of the tables
     * @param failures says what a failure means
     */
    public LeaseRequests(TableNames names, Failures failures) {
        this.table = new LeaseTable(names);
        this.failures = failures;
    }

    @Override
    public CompletionStage<Lease> take(String name, String holder, Duration lifetime) {
        return ask(connection -> table.take(connection, name, holder, lifetime));
    }

    @Override
    public CompletionStage<Boolean> advance(
            String name, String holder, Position position, Duration lifetime) {
        return ask(connection -> table.advance(connection, name, holder, position, lifetime));
    }

    @Override
    public CompletionStage<Void> release(String name, String holder) {
        return ask(connection -> table.release(connection, name, holder))
                .thenAccept(released -> {});
    }

    private <T> CompletionStage<T> ask(Work<T> work) {
        Request<T> request = new Request<>(work, new CompletableFuture<>());
        if (!inbox.offer(request)) {
            fail(request, cause);
        }
        return request.answer;
    }

    /** Returns the requests as the worker takes them. */
    Inbox<Request<?>>.Taker taker() {
        return inbox.taker();
    }

    void wake() {
        inbox.wake();
    }

    /** Gives up what the worker was doing, and all that waits. */
    void lost(Inbox<Request<?>>.Taker taker, @Nullable Request<?> current, Throwable why) {
        cause = why;
        List<Request<?>> rest = new ArrayList<>(taker.close());
        if (current != null) {
            rest.add(0, current);
        }
        rest.forEach(request -> fail(request, why));
    }

    /** Tells who waits for a request that it failed. */
    void fail(Request<?> request, @Nullable Throwable why) {
        request.answer.completeExceptionally(
                why != null && Failures.isRefusal(why)
                        ? failures.refused(why)
                        : failures.unavailable(why));
    }
}
