package dev.channels.backend.postgresql.presence;

import dev.channels.ErrorCode;
import dev.channels.PresenceChange;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.tables.Notifier;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.Requests;
import dev.channels.backend.postgresql.worker.Requests.Request;
import dev.channels.spi.Log;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Does what is asked of the presence, and then tells other nodes what has changed. */
final class PresenceTransactions {

    private static final int MAX_ATTEMPTS = 3;

    /** A notification is a transaction of its own: see {@link Notifier}. */
    private static final String NOTIFY =
            "SELECT pg_notify(?, t.payload) FROM unnest(?::text[]) AS t(payload)";

    /** What a request works with. */
    record Transaction(Connection connection, List<PresenceChange> told) {

        /** Adds what other nodes are to be told once it is done. */
        void tell(Collection<PresenceChange> changes) {
            told.addAll(changes);
        }
    }

    private final Requests<Transaction> requests;
    private final String topic;

    /**
     * Makes transactions.
     *
     * @param requests told which of them failed alone
     * @param tables whose topic is notified
     */
    PresenceTransactions(Requests<Transaction> requests, TableNames tables) {
        this.requests = requests;
        this.topic = tables.topic();
    }

    Runnable take(Connection connection, Request<Transaction, ?> request) throws SQLException {
        List<PresenceChange> told = new ArrayList<>();
        Runnable answer = transact(connection, request, told);
        tell(connection, told);
        return answer;
    }

    /** Returns what tells the answer; a request that fails alone is no outage. */
    private Runnable transact(
            Connection connection, Request<Transaction, ?> request, List<PresenceChange> told)
            throws SQLException {
        for (int attempt = 1; ; attempt++) {
            connection.setAutoCommit(false);
            try {
                Runnable answer = request.run(new Transaction(connection, told));
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
}
