package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class KeeperTest {

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
        Keeper keeper =
                new Keeper(
                        new HistoryQuery(TABLES, 1),
                        new Cleaner(TABLES, 1, Duration.ofDays(1), interval),
                        new Notifier(TABLES.topic()),
                        new Failures("db/app"),
                        interval);
        SQLException tooMany = new SQLException("too many clients already", "53300");
        DatabaseLine line = new DatabaseLine(new Exhausted(tooMany), Duration.ofSeconds(1));
        // The worker backs off when a step throws; one that returns is repeated at once.
        assertThatThrownBy(() -> keeper.step(line)).isSameAs(tooMany);
    }
}
