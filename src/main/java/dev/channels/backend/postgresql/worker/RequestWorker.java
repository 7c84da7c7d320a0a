package dev.channels.backend.postgresql.worker;

import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.worker.Requests.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Does what is asked, one request after another, with a connection that it has as long as somebody
 * asks now and then: none where nobody does.
 *
 * @param <C> what a request works with
 */
public final class RequestWorker<C> implements Worker.Job {

    /** Longer than the pause between two signs of life of who uses it. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** How one request is done. */
    @FunctionalInterface
    public interface Way<C> {

        /**
         * Does it.
         *
         * @return what tells the answer, that it failed alone included
         * @throws SQLException if the connection is gone
         */
        Runnable take(Connection connection, Request<C, ?> request) throws SQLException;
    }

    private final Requests<C> requests;
    private final Way<C> way;
    private final Inbox<Request<C, ?>>.Taker taker;

    /** The request at work; used by the worker's thread only. */
    private @Nullable Request<C, ?> current;

    /**
     * Makes the job.
     *
     * @param requests what to do
     * @param way how
     */
    public RequestWorker(Requests<C> requests, Way<C> way) {
        this.requests = requests;
        this.way = way;
        this.taker = requests.taker();
    }

    @Override
    public void wake() {
        requests.wake();
    }

    @Override
    public void connected(SupervisedConnection database) {
        // It connects when it has something to do.
        taker.open();
    }

    @Override
    public void step(SupervisedConnection database) throws SQLException, InterruptedException {
        Request<C, ?> request = taker.take(IDLE);
        if (request == null) {
            database.close();
            return;
        }
        current = request;
        Runnable outcome = database.run(connection -> way.take(connection, request));
        current = null;
        outcome.run();
    }

    @Override
    public void lost(Throwable cause) {
        Request<C, ?> interrupted = current;
        current = null;
        requests.lost(taker, interrupted, cause);
    }
}
