package dev.channels.backend.postgresql.worker;

import dev.channels.backend.postgresql.connection.Failures;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RequestWorker} is asked to do, in the order in which it is asked. Safe for use by
 * any thread.
 *
 * @param <C> what a request works with
 */
public final class Requests<C> {

    /** What is to be done. */
    @FunctionalInterface
    public interface Work<C, T> {

        /** Does it; returns the answer. */
        T run(C context) throws SQLException;
    }

    /** One of them, and who waits for it. */
    public record Request<C, T>(Work<C, T> work, CompletableFuture<T> answer) {

        /** Does the work; returns what tells the answer. */
        public Runnable run(C context) throws SQLException {
            T result = work.run(context);
            return () -> answer.complete(result);
        }
    }

    private final Failures failures;
    private final Inbox<Request<C, ?>> inbox = new Inbox<>();

    /** Why nobody answers. */
    private volatile @Nullable Throwable cause;

    /**
     * Makes an empty queue.
     *
     * @param failures says what a failure means
     */
    public Requests(Failures failures) {
        this.failures = failures;
    }

    /**
     * Asks for something.
     *
     * @return completes with the answer, on the worker's thread; fails while the database is away
     */
    public <T> CompletionStage<T> ask(Work<C, T> work) {
        Request<C, T> request = new Request<>(work, new CompletableFuture<>());
        if (!inbox.offer(request)) {
            fail(request, cause);
        }
        return request.answer;
    }

    /** Tells who waits for a request that it failed. */
    public void fail(Request<C, ?> request, @Nullable Throwable why) {
        request.answer.completeExceptionally(
                why != null && Failures.isRefusal(why)
                        ? failures.refused(why)
                        : failures.unavailable(why));
    }

    /** Returns the requests as the worker takes them. */
    Inbox<Request<C, ?>>.Taker taker() {
        return inbox.taker();
    }

    void wake() {
        inbox.wake();
    }

    /** Gives up what the worker was doing, and all that waits. */
    void lost(Inbox<Request<C, ?>>.Taker taker, @Nullable Request<C, ?> current, Throwable why) {
        cause = why;
        List<Request<C, ?>> rest = new ArrayList<>(taker.close());
        if (current != null) {
            rest.add(0, current);
        }
        rest.forEach(request -> fail(request, why));
    }
}
