package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
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
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

    private static ChannelsBackend poisoned(String prefix) {
        var settings = broker.settings("table-prefix", prefix);
        BackendContext context = PostgresqlBroker.context(settings, new Problems());
        PostgresqlSettings read = PostgresqlSettings.of(context.settings(), context.policies());
        JdbcUrl url = Objects.requireNonNull(read.url());
        Connections connections =
                new Poisoned(new DriverConnections(url, read.credentials(), read.connectTimeout()));
        return new PostgresqlBackend(read, connections, context.scheduler(), null);
    }

    @Test
    void aPublicationInWhichThisJvmFailsIsRejectedAndHarmsNoOther() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(poisoned("poisoned"))) {
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

    /** Both of a channel that was there and of one that was not. */
    @Test
    void anEventInWhichThisJvmFailsIsAGapAndNothingElse() throws Exception {
        String poison = new String(POISON, StandardCharsets.UTF_8);
        try (PostgresqlNode publisher =
                        PostgresqlNode.started(broker.backend("table-prefix", "unreadable"));
                PostgresqlNode node = PostgresqlNode.started(poisoned("unreadable"))) {
            publisher.publish("a", "0");
            node.subscribe("a", "b", "c");
            publisher.publish("a", "1", "2", poison, "3");
            publisher.publish("b", poison, "1");
            publisher.publish("c", "1");
            assertThat(node.sink.awaitTexts("a", 3)).containsExactly("1", "2", "3");
            assertThat(node.sink.awaitTexts("b", 1)).containsExactly("1");
            assertThat(node.sink.awaitTexts("c", 1)).containsExactly("1");
            assertThat(node.sink.gaps()).isEqualTo(2);
            publisher.publish("a", "4");
            assertThat(node.sink.awaitTexts("a", 4)).last().isEqualTo("4");
            assertThatThrownBy(() -> PostgresqlNode.join(node.history().last("a", -1)))
                    .hasMessageContaining(ErrorCode.HISTORY_FAILED.code());
            assertThat(PostgresqlNode.join(node.history().last("a", 1)).events()).hasSize(1);
            assertThat(node.sink.disconnections()).isZero();
        }
    }

    /** This JVM has not the memory for one payload. */
    private record Poisoned(Connections real) implements Connections {

        @Override
        public Connection open() throws SQLException {
            return wrap(Connection.class, real.open());
        }

        @Override
        public boolean pooled() {
            return real.pooled();
        }

        private static <T> T wrap(Class<T> type, T wrapped) {
            return type.cast(
                    Proxy.newProxyInstance(
                            PostgresqlSharingBrokerIT.class.getClassLoader(),
                            new Class<?>[] {type},
                            (proxy, method, arguments) -> {
                                if (arguments != null && isPoison(arguments)) {
                                    throw new OutOfMemoryError("test");
                                }
                                return answer(call(method, wrapped, arguments));
                            }));
        }

        private static Object call(Method method, Object wrapped, Object[] arguments)
                throws Throwable {
            try {
                return method.invoke(wrapped, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private static Object answer(Object answer) {
            if (answer instanceof PreparedStatement statement) {
                return wrap(PreparedStatement.class, statement);
            }
            if (answer instanceof ResultSet rows) {
                return wrap(ResultSet.class, rows);
            }
            if (answer instanceof byte[] && isPoison(answer)) {
                throw new OutOfMemoryError("test");
            }
            return answer;
        }

        private static boolean isPoison(Object... values) {
            return Arrays.deepToString(values).contains(Arrays.toString(POISON));
        }
    }
}
