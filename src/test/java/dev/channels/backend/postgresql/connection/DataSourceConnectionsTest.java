package dev.channels.backend.postgresql.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DataSourceConnectionsTest {

    private static DataSourceConnections connections(Executor executor) {
        return new DataSourceConnections("jdbc/none", executor, Duration.ofMillis(100));
    }

    @Test
    void looksUpOnAThreadOfTheContainerUntilThereIsSomething() {
        AtomicInteger tasks = new AtomicInteger();
        DataSourceConnections connections =
                connections(
                        task -> {
                            tasks.incrementAndGet();
                            task.run();
                        });
        for (int i = 1; i <= 2; i++) {
            assertThatThrownBy(connections::open)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("jdbc/none");
            assertThat(tasks).hasValue(i);
        }
    }

    @Test
    void doesNotWaitForEverForTheContainer() {
        assertThatThrownBy(connections(task -> {})::open)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("jdbc/none");
        Executor refusing =
                task -> {
                    throw new RejectedExecutionException("stopping");
                };
        assertThatThrownBy(connections(refusing)::open)
                .isInstanceOf(SQLException.class)
                .hasRootCauseInstanceOf(RejectedExecutionException.class);
    }
}
