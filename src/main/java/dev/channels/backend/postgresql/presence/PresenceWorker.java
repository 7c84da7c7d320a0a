package dev.channels.backend.postgresql.presence;

import dev.channels.ErrorCode;
import dev.channels.PresenceChange;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.presence.PresenceRequests.Request;
import dev.channels.backend.postgresql.tables.Notifier;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.Inbox;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.Log;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does what is asked of the presence, one request after another, with a connection that it has as
 * long as somebody asks now and then: none where no policy asks for presence.
 */
public final class PresenceWorker implements Worker.Job {

    /** Longer than the pause between two signs of life, by default. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final int MAX_ATTEMPTS = 3;

    /** A notification is a transaction of its own: see {@link Notifier}. */
    private static final String NOTIFY =
            "SELECT pg_notify(?, t.payload) FROM unnest(?::text[]) AS t(payload)";

    private final PresenceRequests requests;
    private final Inbox<Request<?>>.Taker taker;
    private final String topic;

    /** The request at work; used by the worker's thread only. */
    private @Nullable Request<?> current;

    /**
     * Makes the job.
     *
     * @param requests what to do
     * @param tables whose topic is notified
     */
    public PresenceWorker(PresenceRequests requests, TableNames tables) {
        this.requests = requests;
        this.taker = requests.taker();
        this.topic = tables.topic();
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
        List<PresenceChange> told = new ArrayList<>();
        Runnable outcome =
                database.run(
                        connection -> {
                            Runnable answer = transact(connection, request, told);
                            tell(connection, told);
                            return answer;
                        });
        current = null;
        outcome.run();
    }

    /** Returns what tells the answer; a request that fails alone is no outage. */
    private Runnable transact(Connection connection, Request<?> request, List<PresenceChange> told)
            throws SQLException {
        for (int attempt = 1; ; attempt++) {
            connection.setAutoCommit(false);
            try {
                Runnable answer = request.run(connection, told);
                connection.commit();
                connection.setAutoCommit(true);
                return answer;
            } catch (SQLException | RuntimeException e) {
                told.clear();
                SQLException refusal = e instanceof SQLException known ? known : null;
                if (refusal != null && Failures.isDisconnection(refusal)) {
                    throw refusal;
                }
                connection.rollback();
                connection.setAutoCommit(true);
                boolean again = refusal != null && Failures.isConflict(refusal);
                if (!again || attempt == MAX_ATTEMPTS) {
                    return () -> requests.fail(request, e);
                }
            }
        }
    }

    private void tell(Connection connection, List<PresenceChange> told) throws SQLException {
        if (told.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
            Object[] payloads = told.stream().map(PresenceNotice::encode).toArray();
            statement.setString(1, topic);
            statement.setArray(2, connection.createArrayOf("text", payloads));
            statement.execute();
        } catch (SQLException e) {
            if (Failures.isDisconnection(e)) {
                throw e;
            }
            Log.detail(ErrorCode.STATE, () -> "Joins and leaves could not be notified", e);
        }
    }

    @Override
    public void lost(Throwable cause) {
        Request<?> interrupted = current;
        current = null;
        requests.lost(taker, interrupted, cause);
    }
}
