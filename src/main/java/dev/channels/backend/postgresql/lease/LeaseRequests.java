package dev.channels.backend.postgresql.lease;

import dev.channels.Position;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.RequestWorker;
import dev.channels.backend.postgresql.worker.Requests;
import dev.channels.backend.postgresql.worker.Requests.Request;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.ChannelLeases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * What is asked of the leases, and the job that does it, each in a statement of its own. Safe for
 * use by any thread.
 */
public final class LeaseRequests implements ChannelLeases {

    private final LeaseTable table;
    private final Requests<Connection> requests;

    /**
     * Makes requests.
     *
     * @param names of the tables
     * @param failures says what a failure means
     */
    public LeaseRequests(TableNames names, Failures failures) {
        this.table = new LeaseTable(names);
        this.requests = new Requests<>(failures);
    }

    @Override
    public CompletionStage<Lease> take(String name, String holder, Duration lifetime) {
        return requests.ask(connection -> table.take(connection, name, holder, lifetime));
    }

    @Override
    public CompletionStage<Boolean> advance(
            String name, String holder, Position position, Duration lifetime) {
        return requests.ask(
                connection -> table.advance(connection, name, holder, position, lifetime));
    }

    @Override
    public CompletionStage<Void> release(String name, String holder) {
        return requests.ask(connection -> table.release(connection, name, holder))
                .thenAccept(released -> {});
    }

    /** Returns the job that does what is asked. */
    public Worker.Job job() {
        return new RequestWorker<>(requests, this::take);
    }

    private Runnable take(Connection connection, Request<Connection, ?> request)
            throws SQLException {
        try {
            return request.run(connection);
        } catch (SQLException e) {
            if (Failures.isDisconnection(e)) {
                throw e;
            }
            return () -> requests.fail(request, e);
        }
    }
}
