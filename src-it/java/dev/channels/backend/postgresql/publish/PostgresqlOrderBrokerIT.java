package dev.channels.backend.postgresql.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.postgresql.PostgresqlNode;
import dev.channels.backend.postgresql.tables.TableNames;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Transactions that overlap, commit late, or never. */
final class PostgresqlOrderBrokerIT {

    private static final TableNames TABLES = new TableNames("", "channels");
    private static PostgresqlBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = new PostgresqlBroker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /** A publisher of another node, whose transaction the test commits when it likes. */
    private static final class SlowPublisher implements AutoCloseable {

        private final Connection connection;
        private final ChannelIds ids = new ChannelIds(TABLES);
        private final PublishStatement statement;
        private final PostgresqlNode numbers = new PostgresqlNode(broker.backend());

        SlowPublisher(long id) throws SQLException {
            connection = broker.connect();
            statement = new PublishStatement(TABLES, id, 30_000);
            broker.execute("INSERT INTO channels_publisher VALUES (" + id + ", 0)");
        }

        /** Publishes and leaves the transaction open. */
        void publish(String channel, String text) throws SQLException {
            Chunk chunk = new Chunk(numbers.batch(channel, text));
            Chunk.Rows rows = chunk.rows(ids.of(connection, chunk.channels()));
            connection.setAutoCommit(false);
            assertThat(statement.execute(connection, chunk, rows)).isTrue();
        }

        void commit() throws SQLException {
            connection.commit();
        }

        void rollback() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    @Test
    void aTransactionThatCommitsLateIsNeitherSkippedNorOvertaken() throws Exception {
        String channel = "late";
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend());
                SlowPublisher slow = new SlowPublisher(1);
                SlowPublisher other = new SlowPublisher(2)) {
            node.subscribe(channel, "elsewhere");
            node.publish(channel, "0");
            slow.publish(channel, "1");
            // Later in time, but to the same channel: it has to wait for its offset.
            var waiting = CompletableFuture.runAsync(() -> publishAndCommit(other, channel, "2"));
            awaitWaitingForALock();
            // Nobody else waits.
            node.publish("elsewhere", "a", "b");
            assertThat(node.sink.awaitTexts("elsewhere", 2)).containsExactly("a", "b");
            assertThat(node.sink.events(channel)).hasSize(1);
            assertThat(waiting).isNotDone();
            slow.commit();
            waiting.join();
            assertThat(node.sink.awaitTexts(channel, 3)).containsExactly("0", "1", "2");
            assertThat(node.sink.gaps()).isZero();
        }
    }

    @Test
    void aTransactionThatRollsBackLeavesNoHole() throws Exception {
        String channel = "undone";
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend());
                SlowPublisher slow = new SlowPublisher(3)) {
            node.subscribe(channel);
            node.publish(channel, "0");
            slow.publish(channel, "undone");
            var publishing = node.backend.publish(node.batch(channel, "1"));
            awaitWaitingForALock();
            slow.rollback();
            PostgresqlNode.join(publishing);
            node.publish(channel, "2");
            assertThat(node.sink.awaitTexts(channel, 3)).containsExactly("0", "1", "2");
            assertThat(node.sink.events(channel))
                    .extracting(event -> event.position().offset())
                    .containsExactly(1L, 2L, 3L);
            assertThat(node.sink.gaps()).isZero();
        }
    }

    /** What an application's long transaction does elsewhere is no concern of the events. */
    @Test
    void aLongTransactionElsewhereHoldsUpNothing() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend());
                Connection application = broker.connect();
                Statement statement = application.createStatement()) {
            node.subscribe("busy");
            application.setAutoCommit(false);
            statement.execute("CREATE TABLE application (id bigint)");
            statement.execute("INSERT INTO application VALUES (1)");
            for (int i = 0; i < 20; i++) {
                node.publish("busy", Integer.toString(i));
            }
            assertThat(node.sink.awaitTexts("busy", 20)).hasSize(20);
            // The next polls still see the transaction; nothing may come twice.
            node.publish("busy", "last");
            node.sink.awaitEvents("busy", 21);
            application.rollback();
            assertThat(node.sink.duplicates("busy")).isZero();
            assertThat(node.sink.gaps()).isZero();
        }
    }

    /** Notifications are lost: the poll alone finds what committed late. */
    @Test
    void thePollFindsWhatCommitsLate() throws Exception {
        String channel = "polled";
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend("poll-interval", "50ms"));
                SlowPublisher slow = new SlowPublisher(4)) {
            node.subscribe(channel, "fast");
            slow.publish(channel, "1");
            long polls = 20;
            long before = broker.number("SELECT txid_snapshot_xmax(txid_current_snapshot())");
            for (int i = 0; i < polls; i++) {
                node.publish("fast", "x");
                node.sink.awaitEvents("fast", i + 1);
            }
            assertThat(broker.number("SELECT txid_snapshot_xmax(txid_current_snapshot())"))
                    .isGreaterThan(before);
            assertThat(node.sink.events(channel)).isEmpty();
            slow.commit();
            assertThat(node.sink.awaitTexts(channel, 1)).containsExactly("1");
        }
    }

    /** Two nodes, many channels in opposite orders: no deadlock, the same order everywhere. */
    @Test
    void nodesThatPublishToTheSameChannelsInOtherOrdersDoNotDeadlock() throws Exception {
        List<String> channels = IntStream.range(0, 20).mapToObj(i -> "shared " + i).toList();
        List<String> reversed = new ArrayList<>(channels);
        Collections.reverse(reversed);
        try (PostgresqlNode one = PostgresqlNode.started(broker.backend());
                PostgresqlNode two = PostgresqlNode.started(broker.backend())) {
            one.subscribe(channels.toArray(String[]::new));
            two.subscribe(channels.toArray(String[]::new));
            long deadlocks = broker.number("SELECT sum(deadlocks) FROM pg_stat_database");
            var first = CompletableFuture.runAsync(() -> publishRounds(one, channels));
            var second = CompletableFuture.runAsync(() -> publishRounds(two, reversed));
            CompletableFuture.allOf(first, second).join();
            for (String channel : channels) {
                assertThat(two.sink.awaitTexts(channel, 200))
                        .isEqualTo(one.sink.awaitTexts(channel, 200));
            }
            assertThat(broker.number("SELECT sum(deadlocks) FROM pg_stat_database"))
                    .isEqualTo(deadlocks);
        }
    }

    private static void publishRounds(PostgresqlNode node, List<String> channels) {
        for (int round = 0; round < 100; round++) {
            byte[] payload = Integer.toString(round).getBytes(StandardCharsets.UTF_8);
            PostgresqlNode.join(
                    node.backend.publish(
                            channels.stream().map(c -> node.publication(payload, c)).toList()));
        }
    }

    /** The reader's queries run while transactions commit in another order than they began. */
    @Test
    void readersUnderConcurrentPublishersSeeEveryOffsetOnce() throws Exception {
        AtomicBoolean ending = new AtomicBoolean();
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend("history", "1000000"))) {
            node.subscribe("racing");
            List<CompletableFuture<Integer>> publishers =
                    IntStream.range(10, 14)
                            .mapToObj(id -> CompletableFuture.supplyAsync(() -> race(id, ending)))
                            .toList();
            node.sink.awaitEvents("racing", 2_000);
            ending.set(true);
            int sum = publishers.stream().mapToInt(CompletableFuture::join).sum();
            var events = node.sink.awaitEvents("racing", sum);
            assertThat(events).hasSize(sum);
            for (int i = 0; i < sum; i++) {
                assertThat(events.get(i).position().offset()).isEqualTo(i + 1L);
            }
            assertThat(node.sink.gaps()).isZero();
            assertThat(node.sink.duplicates("racing")).isZero();
        }
    }

    private static int race(long id, AtomicBoolean ending) {
        int count = 0;
        try (SlowPublisher publisher = new SlowPublisher(id)) {
            for (; !ending.get(); count++) {
                publisher.publish("racing", Integer.toString(count));
                publisher.commit();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return count;
    }

    private static void publishAndCommit(SlowPublisher publisher, String channel, String text) {
        try {
            publisher.publish(channel, text);
            publisher.commit();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitWaitingForALock() {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> broker.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
    }
}
