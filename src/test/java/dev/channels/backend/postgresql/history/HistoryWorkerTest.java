package dev.channels.backend.postgresql.history;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.backend.postgresql.connection.Connections;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.Notifier;
import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class HistoryWorkerTest {

    private static final TableNames TABLES = new TableNames("", "channels");

    /** A pool that opens no connection tells why in the server's words. */
    private record Exhausted(SQLException why) implements Connections {

        @Override
        public Connection open() throws SQLException {
            throw why;
        }

        @Override
        public boolean pooled() {
            return true;
        }
    }

    @Test
    void cleaningWithoutAConnectionIsAnOutage() {
        Duration interval = Duration.ofNanos(1);
        HistoryWorker worker =
                new HistoryWorker(
                        TABLES,
                        1,
                        Duration.ofDays(1),
                        interval,
                        new Notifier(TABLES.topic()),
                        new Failures("db/app"));
        SQLException tooMany = new SQLException("too many clients already", "53300");
        SupervisedConnection database =
                new SupervisedConnection(new Exhausted(tooMany), Duration.ofSeconds(1));
        // The worker backs off when a step throws; one that returns is repeated at once.
        assertThatThrownBy(() -> worker.step(database)).isSameAs(tooMany);
    }
}
