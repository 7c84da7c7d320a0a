package dev.channels.backend.postgresql.history;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.backend.postgresql.connection.Connections;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.spi.ChannelRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class CleanupWorkerTest {

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
    void cleaningWithoutAConnectionIsTriedAgainAfterAPause() {
        CleanupWorker worker =
                new CleanupWorker(
                        TABLES,
                        new Retentions(
                                new ChannelRetention(1, Duration.ofDays(1)), ChannelRules.none()),
                        Duration.ofNanos(1),
                        new CountDownLatch(1));
        SQLException tooMany = new SQLException("too many clients already", "53300");
        SupervisedConnection database =
                new SupervisedConnection(new Exhausted(tooMany), Duration.ofSeconds(1));
        // The worker backs off when a step throws; one that returns is repeated at once.
        assertThatThrownBy(() -> worker.step(database)).isSameAs(tooMany);
    }
}
