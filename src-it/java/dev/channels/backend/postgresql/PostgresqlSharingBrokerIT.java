package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.backend.postgresql.connection.Connections;
import dev.channels.backend.postgresql.connection.DriverConnections;
import dev.channels.backend.postgresql.connection.JdbcUrl;
import dev.channels.config.Problems;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What shares a thread or a connection with others does not hold them up. */
final class PostgresqlSharingBrokerIT {

    private static final byte[] POISON = "poison".getBytes(StandardCharsets.UTF_8);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static PostgresqlBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = new PostgresqlBroker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /** Notes the channels of events; stops at the first one until it is let go. */
    private static final class Stopping implements BackendSink {

        private final List<String> channels = new CopyOnWriteArrayList<>();
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void deliver(ChannelEvent event) {
            channels.add(event.channel());
            stopped.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void gap(String channel) {
            channels.add("gap in " + channel);
        }

        @Override
        public void disconnected(@Nullable Throwable cause) {}

        @Override
        public void connected() {}
    }

    /** One reading has 8 MiB and an event, which the busy channel alone would fill ten times. */
    @Test
    void aBusyChannelHoldsUpNoOther() throws Exception {
        ChannelsBackend backend = broker.backend("table-prefix", "busy", "poll-interval", "1h");
        PostgresqlNode publisher = PostgresqlNode.started(broker.backend("table-prefix", "busy"));
        Stopping sink = new Stopping();
        try {
            PostgresqlNode.join(backend.start(sink));
            PostgresqlNode.join(backend.subscribe(Set.of("first", "busy", "quiet", "other")));
            publisher.publish("first", "1");
            sink.stopped.await();
            for (int i = 0; i < 20; i++) {
                byte[] large = new byte[4 << 20];
                PostgresqlNode.join(
                        publisher.backend.publish(List.of(publisher.publication(large, "busy"))));
            }
            publisher.publish("quiet", "1");
            publisher.publish("other", "1");
            sink.goOn.countDown();
            await().atMost(LONG).until(() -> sink.channels.size() == 23);
            assertThat(sink.channels.indexOf("quiet")).isBetween(1, 5);
            assertThat(sink.channels.indexOf("other")).isBetween(1, 5);
        } finally {
            sink.goOn.countDown();
            PostgresqlNode.join(backend.stop());
            publisher.close();
        }
    }

    @Test
    void theHistoryDoesNotWaitForTheCleaning() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend(
                                "table-prefix",
                                "dusty",
                                "history",
                                "1",
                                "cleanup-interval",
                                "100ms"))) {
            try (Connection other = broker.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                node.publish("a", "1");
                statement.execute("SELECT 1 FROM dusty_event FOR UPDATE");
                node.publish("a", "2");
                await().atMost(LONG)
                        .until(
                                () ->
                                        broker.number(
                                                        "SELECT count(*) FROM pg_stat_activity"
                                                                + " WHERE wait_event_type = 'Lock'"
                                                                + " AND query LIKE 'DELETE%dusty%'")
                                                > 0);
                for (int i = 0; i < 5; i++) {
                    assertThat(PostgresqlNode.join(node.history().last("a", 1)).events())
                            .hasSize(1);
                }
            }
            await().atMost(LONG)
                    .until(() -> broker.number("SELECT count(*) FROM dusty_event") == 1);
            assertThat(node.sink.disconnections()).isZero();
        }
    }

    @Test
    void aPublicationInWhichThisJvmFailsIsRejectedAndHarmsNoOther() throws Exception {
        var settings = broker.settings("table-prefix", "poisoned");
        Problems problems = new Problems();
        BackendContext context = PostgresqlBroker.context(settings, problems);
        PostgresqlSettings read = PostgresqlSettings.of(context.settings());
        JdbcUrl url = Objects.requireNonNull(read.url());
        Connections poisoned =
                new Poisoned(new DriverConnections(url, read.credentials(), read.connectTimeout()));
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        new PostgresqlBackend(read, poisoned, context.scheduler()))) {
            node.subscribe("a");
            node.publish("a", "1");
            List<Publication> batch = new ArrayList<>(node.batch("a", "2"));
            batch.add(node.publication(POISON, "a"));
            batch.addAll(node.batch("a", "3"));
            assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublicationsRejectedException.class,
                            rejected -> {
                                assertThat(rejected.reasonFor(batch.get(0))).isNull();
                                assertThat(rejected.reasonFor(batch.get(1)))
                                        .hasMessageContaining("alone")
                                        .hasRootCauseInstanceOf(OutOfMemoryError.class);
                                assertThat(rejected.reasonFor(batch.get(2))).isNull();
                            });
            node.publish("a", "4");
            assertThat(node.sink.awaitTexts("a", 4)).containsExactly("1", "2", "3", "4");
            assertThat(node.sink.duplicates("a")).isZero();
            assertThat(node.sink.disconnections()).isZero();
        }
    }

    /** This JVM has not the memory for one payload. */
    private record Poisoned(Connections real) implements Connections {

        @Override
        public Connection open() throws SQLException {
            Connection connection = real.open();
            return (Connection)
                    Proxy.newProxyInstance(
                            PostgresqlSharingBrokerIT.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("createArrayOf")
                                        && Arrays.deepToString((Object[]) arguments[1])
                                                .contains(Arrays.toString(POISON))) {
                                    throw new OutOfMemoryError("test");
                                }
                                try {
                                    return method.invoke(connection, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
        }

        @Override
        public boolean pooled() {
            return real.pooled();
        }
    }
}
