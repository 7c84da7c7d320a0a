package dev.channels.backend.postgresql.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.backend.postgresql.connection.Connections;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class HistoryWorkerTest {

    private static final Failures FAILURES = new Failures("db/app");

    private static final Connections NONE =
            new Connections() {
                @Override
                public Connection open() throws SQLException {
                    throw new SQLException("nobody there", "08001");
                }

                @Override
                public boolean pooled() {
                    return false;
                }
            };

    private final Tables tables = Tables.of(new TableNames("", "channels"), true);
    private final HistoryRequests requests =
            new HistoryRequests(
                    tables.names(),
                    tables.notifier(),
                    new Retentions(
                            new ChannelRetention(10, Duration.ofDays(1)), ChannelRules.none()),
                    Duration.ofSeconds(1),
                    FAILURES);
    private final HistoryWorker worker = new HistoryWorker(requests, tables, FAILURES);
    private final SupervisedConnection database =
            new SupervisedConnection(NONE, Duration.ofSeconds(1));

    @Test
    void whatNobodyWaitsForIsNotRead() throws Exception {
        var other = requests.taker();
        other.open();
        requests.last("a", 1).toCompletableFuture().cancel(false);
        worker.step(database); // connects to nothing
        requests.last("a", 1);
        assertThatThrownBy(() -> worker.step(database)).hasMessageContaining("nobody there");
    }

    @Test
    void aWorkerThatIsLostFailsWhatItReadsAndLeavesTheRestToTheOthers() throws Exception {
        var other = requests.taker();
        other.open();
        var reading = requests.last("a", 1).toCompletableFuture();
        var waiting = requests.last("b", 1).toCompletableFuture();
        SQLException why = new SQLException("gone", "08006");
        assertThatThrownBy(() -> worker.step(database)).hasMessageContaining("nobody there");
        worker.lost(why);
        assertThat(reading).isCompletedExceptionally();
        assertThat(waiting).isNotDone();
        requests.lost(other, null, why);
        assertThatThrownBy(waiting::join)
                .cause()
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("gone");
    }
}
