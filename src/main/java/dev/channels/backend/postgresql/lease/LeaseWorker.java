package dev.channels.backend.postgresql.lease;

import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.lease.LeaseRequests.Request;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.backend.postgresql.worker.Worker;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Does what is asked of the leases, one request after another, with a connection that it has as
 * long as somebody asks now and then: none where no observer wants a lease.
 */
public final class LeaseWorker implements Worker.Job {

    /** Longer than the pause between two calls of who holds a lease, or wants one. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final LeaseRequests requests;
    private final Inbox<Request<?>>.Taker taker;

    /** The request at work; used by the worker's thread only. */
    private @Nullable Request<?> current;

    /**
     * Makes the job.
     *
     * @param requests what to do
     */
    public LeaseWorker(LeaseRequests requests) {
        this.requests = requests;
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
        Request<?> request = taker.take(IDLE);
        if (request == null) {
            database.close();
            return;
        }
        current = request;
        Runnable outcome =
                database.run(
                        connection -> {
                            try {
                                return request.run(connection);
                            } catch (SQLException e) {
                                if (Failures.isDisconnection(e)) {
                                    throw e;
                                }
                                return () -> requests.fail(request, e);
                            }
                        });
        current = null;
        outcome.run();
    }

    @Override
    public void lost(Throwable cause) {
        Request<?> interrupted = current;
        current = null;
        requests.lost(taker, interrupted, cause);
    }
}
