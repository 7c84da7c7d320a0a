package dev.channels.backend.postgresql.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.postgresql.PostgresqlNode;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is removed from the tables: in time, by the backend; and by others, which is a gap. */
final class PostgresqlHistoryBrokerIT {

    private static PostgresqlBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = new PostgresqlBroker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void dropTables() throws Exception {
        broker.execute(
                "DROP TABLE IF EXISTS channels_channel, channels_event, channels_publisher,"
                        + " channels_life");
    }

    private static ChannelsBackend backend(String... more) {
        return broker.backend(more);
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private static void awaitRows(long atMost) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> broker.number("SELECT count(*) FROM channels_event") <= atMost);
    }

    @Test
    void keepsTheNewestByCount() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(backend("history", "10", "cleanup-interval", "100ms"))) {
            node.publish("a", numbers(3_000));
            node.publish("b", numbers(5));
            Position first = last(node, "b", 5).get(0).position();
            awaitRows(15);
            assertThat(last(node, "a", -1)).hasSize(10);
            assertThat(last(node, "a", 1).get(0).text()).isEqualTo("2999");
            assertThat(last(node, "b", -1)).hasSize(5);
            assertThat(PostgresqlNode.join(node.history().after("b", first, -1)).gap()).isFalse();
            assertThat(broker.number("SELECT count(*) FROM channels_event")).isEqualTo(15);
        }
    }

    @Test
    void removesWhatIsTooOld() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(backend("retention", "3s", "cleanup-interval", "100ms"))) {
            node.subscribe("a");
            node.publish("a", numbers(1_500));
            Position first = node.sink.awaitEvents("a", 1_500).get(0).position();
            awaitRows(0);
            assertThat(PostgresqlNode.join(node.history().after("a", first, -1)).gap()).isTrue();
            node.publish("a", "new");
            assertThat(node.sink.awaitTexts("a", 1_501)).last().isEqualTo("new");
            // This node had read them all, so nothing is lost to it.
            assertThat(node.sink.gaps()).isZero();
        }
    }

    /** As left by a transaction that began before another and got its offsets after it. */
    @Test
    void removesWhatIsTooOldWithoutLeavingAHole() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend("cleanup-interval", "100ms"))) {
            node.publish("a", numbers(1));
            broker.execute(
                    "WITH c AS (UPDATE channels_channel SET last_offset = 5 RETURNING id)"
                            + " INSERT INTO channels_event SELECT id, g, now(), 'x'"
                            + " FROM c, generate_series(2, 5) AS g");
            broker.execute(
                    "UPDATE channels_event SET created = now() - interval '2 days'"
                            + " WHERE \"offset\" IN (1, 2, 4)");
            awaitRows(1);
            assertThat(last(node, "a", -1))
                    .extracting(event -> event.position().offset())
                    .containsExactly(5L);
        }
    }

    @Test
    void aHistoryThatCannotBeReadIsNoOutage() throws Exception {
        PostgresqlNode.started(backend()).close();
        broker.execute("CREATE ROLE writer LOGIN");
        broker.execute(
                "GRANT ALL ON channels_channel, channels_publisher, channels_life TO writer");
        broker.execute("GRANT INSERT ON channels_event TO writer");
        try (PostgresqlNode node = PostgresqlNode.started(backend("user", "writer"))) {
            node.publish("a", "1");
            assertThatThrownBy(() -> last(node, "a", 1))
                    .cause()
                    .isInstanceOf(ChannelsException.class)
                    .isNotInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("permission denied");
            node.publish("a", "2");
            assertThat(node.sink.disconnections()).isZero();
            broker.execute("GRANT ALL ON channels_event TO writer");
            assertThat(texts(last(node, "a", -1))).containsExactly("1", "2");
        } finally {
            broker.execute("DROP OWNED BY writer");
            broker.execute("DROP ROLE writer");
        }
    }

    @Test
    void aClockThatWasSetBackKeepsNobodyFromCleaningUp() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(backend("history", "1", "cleanup-interval", "100ms"))) {
            broker.execute("UPDATE channels_life SET cleaned = now() + interval '1 year'");
            node.publish("a", "1", "2");
            awaitRows(1);
        }
    }

    private static Retentions keeping(long history) {
        return new Retentions(
                new ChannelRetention(history, Duration.ofDays(1)), ChannelRules.none());
    }

    @Test
    void oneNodeCleansUpAtATime() throws Exception {
        try (PostgresqlNode one = PostgresqlNode.started(backend());
                PostgresqlNode two = PostgresqlNode.started(backend())) {
            Cleaner cleaner =
                    new Cleaner(new TableNames("", "channels"), keeping(1), Duration.ofHours(1));
            try (var connection = broker.connect()) {
                cleaner.begin(connection);
                assertThat(cleaner.isBusy()).as("less than an hour ago").isFalse();
                broker.execute("UPDATE channels_life SET cleaned = now() - interval '2 hours'");
                cleaner.begin(connection);
                cleaner.begin(connection);
                assertThat(cleaner.isBusy()).as("the round is somebody's").isFalse();
            }
        }
    }

    @Test
    void forgetsChannelsAndPublishersThatNobodyUses() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend())) {
            node.publish("kept", "1");
            node.publish("idle", "1");
            broker.execute(
                    "DELETE FROM channels_event WHERE channel_id ="
                            + " (SELECT id FROM channels_channel WHERE name = 'idle')");
            broker.execute("UPDATE channels_channel SET updated = now() - interval '8 days'");
            broker.execute(
                    "INSERT INTO channels_publisher VALUES (1, 1, now() - interval '8 days')");
            broker.execute(
                    "INSERT INTO channels_channel (id, name, updated) SELECT -g, 'many ' || g,"
                            + " now() - interval '8 days' FROM generate_series(1, 1200) AS g");
            Cleaner cleaner =
                    new Cleaner(
                            new TableNames("", "channels"),
                            keeping(1_000),
                            Duration.ofDays(1),
                            Duration.ZERO);
            broker.execute("UPDATE channels_life SET cleaned = now() - interval '2 days'");
            try (var connection = broker.connect()) {
                cleaner.begin(connection);
                while (cleaner.isBusy()) {
                    cleaner.step(connection);
                }
            }
            assertThat(broker.number("SELECT count(*) FROM channels_channel")).isEqualTo(1);
            assertThat(broker.number("SELECT count(*) FROM channels_publisher WHERE id = 1"))
                    .isZero();
            node.publish("idle", "2");
            assertThat(last(node, "idle", -1)).hasSize(1);
        }
    }

    @Test
    void removesEventsOfChannelsThatAreGone() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend("cleanup-interval", "100ms"))) {
            node.publish("a", numbers(100));
            broker.execute("DELETE FROM channels_channel");
            awaitRows(0);
        }
    }

    @Test
    void truncatingAllTablesIsAGap() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend());
                PostgresqlNode other = PostgresqlNode.started(backend())) {
            other.subscribe("a");
            node.publish("a", "1", "2", "3");
            Position third = other.sink.awaitEvents("a", 3).get(2).position();
            broker.execute(
                    "TRUNCATE channels_channel, channels_event, channels_publisher,"
                            + " channels_life");
            awaitGaps(other, 1);
            node.publish("a", "4");
            List<ChannelEvent> events = other.sink.awaitEvents("a", 4);
            assertThat(events.get(3).text()).isEqualTo("4");
            assertThat(events.get(3).position().isComparableTo(third)).isFalse();
            assertThat(PostgresqlNode.join(node.history().after("a", third, -1)).gap()).isTrue();
            assertThat(other.sink.gaps()).isEqualTo(1);
        }
    }

    @Test
    void publishingAtOnceAfterATruncationLosesNothing() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend());
                PostgresqlNode other = PostgresqlNode.started(backend())) {
            other.subscribe("a");
            for (int round = 1; round <= 10; round++) {
                node.publish("a", "before " + round);
                other.sink.awaitEvents("a", 2 * round - 1);
                broker.execute(
                        "TRUNCATE channels_channel, channels_event, channels_publisher,"
                                + " channels_life");
                node.publish("a", "after " + round);
                assertThat(other.sink.awaitTexts("a", 2 * round))
                        .last()
                        .isEqualTo("after " + round);
                awaitGaps(other, round);
            }
            assertThat(other.sink.duplicates("a")).isZero();
        }
    }

    @Test
    void truncatingTheChannelsIsAGapAtTheNextEvent() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend())) {
            node.subscribe("a");
            node.publish("a", "1", "2", "3");
            node.sink.awaitEvents("a", 3);
            broker.execute("TRUNCATE channels_channel");
            node.publish("a", "4");
            assertThat(node.sink.awaitTexts("a", 4)).containsExactly("1", "2", "3", "4");
            assertThat(node.sink.gaps()).isEqualTo(1);
        }
    }

    @Test
    void tablesDroppedUnderARunningNodeAreMadeAgain() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend())) {
            node.subscribe("a");
            node.publish("a", "1");
            node.sink.awaitEvents("a", 1);
            dropTables();
            await().atMost(Duration.ofSeconds(30)).until(() -> node.sink.connections() > 0);
            awaitGaps(node, 1);
            PostgresqlNode.join(node.backend.publish(node.batch("a", "2")));
            assertThat(node.sink.awaitTexts("a", 2)).containsExactly("1", "2");
        }
    }

    @Test
    void eventsRemovedDuringAnAbsenceAreAGap() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend("poll-interval", "1h"))) {
            node.subscribe("a", "b");
            node.publish("a", "1");
            node.sink.awaitEvents("a", 1);
            // As if this node had been away: nobody wakes it.
            broker.execute(
                    "WITH c AS (UPDATE channels_channel SET last_offset = 10 RETURNING id)"
                            + " INSERT INTO channels_event SELECT id, g, now(), 'x'"
                            + " FROM c, generate_series(8, 10) AS g");
            node.publish("a", "11");
            assertThat(node.sink.awaitTexts("a", 5)).containsExactly("1", "x", "x", "x", "11");
            assertThat(node.sink.gaps()).isEqualTo(1);
        }
    }

    @Test
    void allEventsRemovedDuringAnAbsenceAreAGap() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend("poll-interval", "50ms"))) {
            node.subscribe("a");
            node.publish("a", "1");
            node.sink.awaitEvents("a", 1);
            broker.execute("UPDATE channels_channel SET last_offset = 10, tx = txid_current()");
            awaitGaps(node, 1);
            node.publish("a", "11");
            assertThat(node.sink.awaitTexts("a", 2)).containsExactly("1", "11");
            assertThat(node.sink.gaps()).isEqualTo(1);
        }
    }

    /** The identity of another server stands in the tables: they are a copy. */
    @Test
    void aRestoredCopyIsAGapAndLosesNothingNew() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend());
                PostgresqlNode other = PostgresqlNode.started(backend("poll-interval", "50ms"))) {
            node.subscribe("a");
            other.subscribe("a");
            node.publish("a", numbers(10));
            other.sink.awaitEvents("a", 10);
            node.sink.awaitEvents("a", 10);
            Position last = node.sink.events("a").get(9).position();
            try (var connection = broker.connect();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("DELETE FROM channels_event WHERE \"offset\" > 6");
                statement.execute("UPDATE channels_channel SET last_offset = 6");
                statement.execute("UPDATE channels_life SET identity = 'another'");
                connection.commit();
            }
            awaitGaps(other, 1);
            // In a new epoch the offsets 7 to 12 are new, though this node had come to 10 before.
            node.publish("a", "7", "8", "9", "10", "11", "12");
            assertThat(texts(node.sink.awaitEvents("a", 16)).subList(10, 16))
                    .containsExactly("7", "8", "9", "10", "11", "12");
            assertThat(texts(other.sink.awaitEvents("a", 16))).hasSize(16);
            assertThat(node.sink.gaps()).isEqualTo(1);
            assertThat(other.sink.gaps()).isEqualTo(1);
            assertThat(PostgresqlNode.join(node.history().after("a", last, -1)).gap()).isTrue();
        }
    }

    /** Somebody puts older data into the same tables: nothing but the offsets shows it. */
    @Test
    void dataThatGoBackInTheSameTablesAreAGap() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend("poll-interval", "50ms"))) {
            node.subscribe("a");
            node.publish("a", numbers(10));
            node.sink.awaitEvents("a", 10);
            broker.execute("DELETE FROM channels_event WHERE \"offset\" > 6");
            broker.execute("UPDATE channels_channel SET last_offset = 6, tx = txid_current()");
            awaitGaps(node, 1);
            node.publish("a", "new");
            assertThat(node.sink.awaitTexts("a", 11)).last().isEqualTo("new");
        }
    }

    @Test
    void aRowThatAnotherTransactionHoldsIsNoOutageForADeletion() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(backend("connect-timeout", "2s"));
                var holder = broker.connect();
                var statement = holder.createStatement()) {
            node.subscribe("a");
            node.publish("a", "1", "2");
            holder.setAutoCommit(false);
            statement.execute("SELECT 1 FROM channels_channel WHERE name = 'a' FOR UPDATE");
            assertThatThrownBy(() -> PostgresqlNode.join(node.history().forget("a")))
                    .cause()
                    .isNotInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("another transaction holds the channel's row")
                    .isInstanceOfSatisfying(
                            ChannelsException.class,
                            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.HISTORY_FAILED));
            assertThat(texts(last(node, "a", -1))).containsExactly("1", "2");
            assertThat(node.sink.disconnections()).isZero();
            assertThat(node.sink.gaps()).isZero();
            holder.rollback();
            PostgresqlNode.join(node.history().forget("a"));
            assertThat(last(node, "a", -1)).isEmpty();
            awaitGaps(node, 1);
        }
    }

    private static void awaitGaps(PostgresqlNode node, int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> node.sink.gaps() == count);
    }

    private static List<ChannelEvent> last(PostgresqlNode node, String channel, int limit) {
        return PostgresqlNode.join(node.history().last(channel, limit)).events();
    }

    private static List<String> texts(List<ChannelEvent> events) {
        return events.stream().map(ChannelEvent::text).toList();
    }
}
