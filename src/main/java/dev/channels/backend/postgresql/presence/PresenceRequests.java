package dev.channels.backend.postgresql.presence;

import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.spi.ChannelPresence;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link PresenceWorker} is asked to do, in the order in which it is asked. Safe for use by
 * any thread.
 */
public final class PresenceRequests implements ChannelPresence {

    /** Does something, and adds what others are to be told. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection, List<PresenceChange> told) throws SQLException;
    }

    /** One of them. */
    record Request<T>(Work<T> work, CompletableFuture<T> answer) {

        /** Returns what tells the answer. */
        Runnable run(Connection connection, List<PresenceChange> told) throws SQLException {
            T result = work.run(connection, told);
            return () -> answer.complete(result);
        }
    }

    private final PresenceTables tables;
    private final Failures failures;
    private final Inbox<Request<?>> inbox = new Inbox<>();

    /** Why nobody answers. */
    private volatile @Nullable Throwable cause;

    public PresenceRequests(TableNames names, Failures failures) {
        this.tables = new PresenceTables(names);
        this.failures = failures;
    }

    @Override
    public CompletionStage<Void> change(List<PresenceChange> changes, Duration lifetime) {
        return done(
                ask(
                        (connection, told) -> {
                            told.addAll(tables.touch(connection, lifetime));
                            told.addAll(tables.change(connection, changes));
                            return true;
                        }));
    }

    @Override
    public CompletionStage<Set<String>> keepAlive(Map<String, Integer> clients, Duration lifetime) {
        return ask(
                (connection, told) -> {
                    told.addAll(tables.touch(connection, lifetime));
                    return tables.different(connection, clients);
                });
    }

    @Override
    public CompletionStage<Void> replace(
            Map<String, ? extends Collection<PresentClient>> clients, Duration lifetime) {
        return done(
                ask(
                        (connection, told) -> {
                            told.addAll(tables.touch(connection, lifetime));
                            told.addAll(tables.replace(connection, clients));
                            return true;
                        }));
    }

    @Override
    public CompletionStage<List<PresentClient>> clients(String channel, int limit) {
        return ask((connection, told) -> tables.clients(connection, channel, limit));
    }

    @Override
    public CompletionStage<PresenceStatistics> statistics(String channel) {
        return ask((connection, told) -> tables.statistics(connection, channel));
    }

    private static CompletionStage<Void> done(CompletionStage<Boolean> stage) {
        return stage.thenAccept(value -> {});
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
