package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import dev.channels.spi.contract.RecordingSink;
import dev.channels.testkit.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is PostgreSQL's own. */
final class PostgresqlBackendBrokerIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final String IDLE_COMMITS =
            "SELECT xact_commit FROM pg_stat_database WHERE datname = 'idle'";

    private static PostgresqlBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = new PostgresqlBroker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void aBatchIsOneTransaction() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(broker.backend("table-prefix", "grouped"))) {
            node.subscribe("a", "b", "c");
            List<Publication> batch = new ArrayList<>();
            for (int i = 0; i < 999; i++) {
                batch.add(node.publication(new byte[100], List.of("a", "b", "c").get(i % 3)));
            }
            batch.add(node.publication(new byte[100], "a", "b", "c"));
            PostgresqlNode.join(node.backend.publish(batch));
            for (String channel : List.of("a", "b", "c")) {
                assertThat(node.sink.awaitEvents(channel, 334)).hasSize(334);
            }
            assertThat(broker.number("SELECT count(DISTINCT xmin::text) FROM grouped_event"))
                    .isEqualTo(1);
        }
    }

    @Test
    void largePayloadsArrive() throws Exception {
        byte[] megabyte = new byte[1 << 20];
        byte[] more = new byte[Tables.MAX_PAYLOAD_BYTES];
        new Random(1).nextBytes(megabyte);
        new Random(2).nextBytes(more);
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend())) {
            node.subscribe("large");
            List<Publication> batch = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                batch.add(node.publication(megabyte, "large"));
            }
            batch.add(node.publication(more, "large"));
            batch.add(node.publication(new byte[0], "large"));
            PostgresqlNode.join(node.backend.publish(batch));
            var events = node.sink.awaitEvents("large", 32);
            assertThat(events.get(29).data()).isEqualTo(megabyte);
            assertThat(events.get(30).data()).isEqualTo(more);
            assertThat(events.get(31).size()).isZero();
            assertThat(PostgresqlNode.join(node.history().last("large", 2)).events())
                    .isEqualTo(events.subList(30, 32));
            assertThat(node.sink.gaps()).isZero();
        }
    }

    @Test
    void whatIsTooLargeIsRefused() {
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend())) {
            byte[] tooLarge = new byte[Tables.MAX_PAYLOAD_BYTES + 1];
            List<Publication> batch = new ArrayList<>(node.batch("limit", "1"));
            batch.add(node.publication(tooLarge, "limit"));
            assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublicationsRejectedException.class,
                            rejected -> {
                                assertThat(rejected.reasonFor(batch.get(0))).isNull();
                                assertThat(rejected.reasonFor(batch.get(1)))
                                        .hasMessageContaining("too large");
                            });
        }
    }

    @Test
    void manyChannelsInOneNotificationArrive() throws Exception {
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend("poll-interval", "1h"))) {
            List<String> names = IntStream.range(0, 300).mapToObj(i -> "é".repeat(50) + i).toList();
            node.subscribe(names.toArray(String[]::new));
            PostgresqlNode.join(
                    node.backend.publish(
                            List.of(node.publication(new byte[1], names.toArray(String[]::new)))));
            for (String name : names) {
                assertThat(node.sink.awaitEvents(name, 1)).hasSize(1);
            }
        }
    }

    @Test
    void aPublicationTheDatabaseRefusesHarmsNoOther() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(broker.backend("table-prefix", "refusing"))) {
            node.subscribe("a");
            broker.execute(
                    "ALTER TABLE refusing_event ADD CHECK (1 / (octet_length(payload) - 3) < 9),"
                            + " ADD CHECK (payload <> 'four')");
            List<Publication> batch = node.batch("a", "1", "two", "22", "four");
            assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            PublicationsRejectedException.class,
                            rejected -> {
                                assertThat(rejected.reasonFor(batch.get(0))).isNull();
                                assertThat(rejected.reasonFor(batch.get(1))).isNotNull();
                                assertThat(rejected.reasonFor(batch.get(2))).isNull();
                                assertThat(rejected.reasonFor(batch.get(3)))
                                        .as("the server's detail has the row, hence the payload")
                                        .hasMessageContaining("check constraint")
                                        .hasMessageNotContaining("666f7572");
                            });
            assertThat(node.sink.awaitTexts("a", 2)).containsExactly("1", "22");
            assertThat(node.sink.disconnections()).isZero();
        }
    }

    @Test
    void aRefusalIsRememberedUntilTheBatchIsSettled() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(broker.backend("table-prefix", "deadly"))) {
            node.subscribe("a");
            broker.execute("ALTER TABLE deadly_event ADD CHECK (payload <> 'two')");
            broker.execute(
                    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM"
                            + " pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'");
            broker.execute(
                    "CREATE TRIGGER die BEFORE INSERT ON deadly_event FOR EACH ROW"
                            + " WHEN (octet_length(NEW.payload) > 4000000) EXECUTE FUNCTION die()");
            List<Publication> batch = new ArrayList<>(node.batch("a", "1", "two", "3"));
            batch.add(node.publication(new byte[5 << 20], "a")); // goes apart from the others
            assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                    .hasCauseInstanceOf(BrokerUnavailableException.class);
            assertThat(node.sink.awaitTexts("a", 2)).containsExactly("1", "3");
            broker.execute("DROP TRIGGER die ON deadly_event");
            await().atMost(Duration.ofSeconds(30)).until(() -> node.sink.connections() == 1);
            assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublicationsRejectedException.class,
                            rejected ->
                                    assertThat(batch)
                                            .filteredOn(each -> rejected.reasonFor(each) != null)
                                            .containsExactly(batch.get(1)));
            assertThat(node.sink.awaitEvents("a", 3)).hasSize(3);
        }
    }

    @Test
    void aChannelThatOthersHoldIsNoOutage() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend("table-prefix", "held", "connect-timeout", "1s"))) {
            node.subscribe("a");
            node.publish("a", "1");
            List<Publication> batch = node.batch("a", "2");
            try (Connection other = broker.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("SELECT 1 FROM held_channel FOR UPDATE");
                assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                        .hasCauseInstanceOf(BrokerUnavailableException.class);
            }
            PostgresqlNode.join(node.backend.publish(batch));
            assertThat(node.sink.awaitTexts("a", 2)).containsExactly("1", "2");
            assertThat(node.sink.disconnections()).isZero();
        }
    }

    @Test
    void aDataSourceThatWasReplacedIsFoundAgain() {
        String name = "java:comp/env/jdbc/replaced";
        var settings = broker.settings("data-source", name, "poll-interval", "50ms");
        JndiPool first = new JndiPool(name, broker.url());
        try (PostgresqlNode node = PostgresqlNode.started(PostgresqlBroker.backend(settings))) {
            node.subscribe("replaced");
            first.close();
            await().atMost(Duration.ofSeconds(30)).until(() -> node.sink.disconnections() > 0);
            try (JndiPool second = new JndiPool(name, broker.url())) {
                await().atMost(Duration.ofSeconds(30)).until(() -> node.sink.connections() > 0);
                node.publish("replaced", "1");
                assertThat(node.sink.awaitTexts("replaced", 1)).containsExactly("1");
                assertThat(second.mostBorrowed()).isPositive();
            }
        }
    }

    @Test
    void aRepeatedBatchIsPublishedOnce() {
        try (PostgresqlNode node = PostgresqlNode.started(broker.backend())) {
            node.subscribe("again");
            List<Publication> batch = node.batch("again", "1", "2");
            PostgresqlNode.join(node.backend.publish(batch));
            PostgresqlNode.join(node.backend.publish(batch));
            List<Publication> longer = new ArrayList<>(batch);
            longer.addAll(node.batch("again", "3"));
            PostgresqlNode.join(node.backend.publish(longer));
            assertThat(node.sink.awaitTexts("again", 3)).containsExactly("1", "2", "3");
            node.publish("again", "4");
            assertThat(node.sink.awaitTexts("again", 4)).containsExactly("1", "2", "3", "4");
        }
    }

    @Test
    void tablesMayLieInASchemaAndArePlainNames() throws Exception {
        broker.execute("CREATE SCHEMA \"Mixed\"");
        try (PostgresqlNode one =
                        PostgresqlNode.started(
                                broker.backend("schema", "Mixed", "table-prefix", "P"));
                PostgresqlNode two =
                        PostgresqlNode.started(
                                broker.backend("schema", "Mixed", "table-prefix", "p"))) {
            one.subscribe("a");
            two.subscribe("a");
            one.publish("a", "one");
            two.publish("a", "two");
            assertThat(one.sink.awaitTexts("a", 1)).containsExactly("one");
            assertThat(two.sink.awaitTexts("a", 1)).containsExactly("two");
            assertThat(broker.number("SELECT count(*) FROM \"Mixed\".\"P_event\"")).isEqualTo(1);
        }
    }

    @Test
    void missingTablesFailTheStartIfTheyMustNotBeCreated() throws Exception {
        ChannelsBackend backend =
                broker.backend("create-tables", "false", "table-prefix", "by_hand");
        assertThatThrownBy(() -> PostgresqlNode.join(backend.start(new RecordingSink())))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        failure -> {
                            assertThat(failure.errorCode()).isEqualTo(ErrorCode.START_FAILED);
                            assertThat(failure)
                                    .hasMessageContaining("\"by_hand_channel\"")
                                    .hasMessageContaining("ddl.sql")
                                    .hasMessageContaining("channels.postgresql.create-tables");
                        });
        PostgresqlNode.join(backend.stop());
        String ddl =
                Files.readString(
                        Path.of("src/main/resources/dev/channels/backend/postgresql/ddl.sql"));
        broker.execute(ddl.replace("channels_", "by_hand_"));
        try (PostgresqlNode node = PostgresqlNode.started(backend)) {
            node.subscribe("a");
            node.publish("a", "1");
            assertThat(node.sink.awaitTexts("a", 1)).containsExactly("1");
        }
    }

    @Test
    void aUserThatMayOnlyUseTheTablesIsEnough() throws Exception {
        PostgresqlNode.started(broker.backend("table-prefix", "granted")).close();
        broker.execute("CREATE ROLE plain LOGIN");
        broker.execute(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON granted_channel, granted_event,"
                        + " granted_publisher, granted_life TO plain");
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend(
                                "table-prefix",
                                "granted",
                                "create-tables",
                                "false",
                                "user",
                                "plain",
                                "history",
                                "5",
                                "cleanup-interval",
                                "2s"))) {
            node.subscribe("a");
            node.publish(
                    "a", IntStream.range(0, 50).mapToObj(String::valueOf).toArray(String[]::new));
            node.sink.awaitEvents("a", 50);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> broker.number("SELECT count(*) FROM granted_event") == 5);
        }
    }

    @Test
    void aDatabaseThatCannotHoldEveryNameIsRefused() throws Exception {
        broker.execute(
                "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
                        + " TEMPLATE template0");
        ChannelsBackend backend =
                broker.backend("url", broker.url().replace("/postgres", "/latin"));
        assertThatThrownBy(() -> PostgresqlNode.join(backend.start(new RecordingSink())))
                .hasMessageContaining("LATIN1")
                .hasMessageContaining("UTF8");
        PostgresqlNode.join(backend.stop());
    }

    /** The same crash takes another's acknowledged commit back, so it would take the event. */
    @Test
    void anAcknowledgedEventSurvivesACrashWhereCommitsAreAsynchronous() throws Exception {
        try (PostgresqlBroker crashing = new PostgresqlBroker()) {
            crashing.execute("ALTER SYSTEM SET autovacuum = off");
            crashing.execute("ALTER SYSTEM SET synchronous_commit = off");
            crashing.execute("SELECT pg_reload_conf()");
            crashing.execute("CREATE TABLE other (name text)");
            try (PostgresqlNode node = PostgresqlNode.started(crashing.backend())) {
                node.publish("durable", "0");
                crashing.stopWritingInTheBackground();
                node.publish("durable", "1");
                crashing.execute("INSERT INTO other VALUES ('lost')");
                crashing.crash();
            }
            crashing.start();
            assertThat(crashing.number("SELECT count(*) FROM channels_event")).isEqualTo(2);
            assertThat(crashing.number("SELECT count(*) FROM other")).isZero();
        }
    }

    /** By another node, which reaches the database all the time. */
    @Test
    void channelsThatComeIntoBeingInAnOutageAreFoundAfterIt() {
        TcpProxy proxy = new TcpProxy(broker.port());
        Map<String, List<Position>> told = new ConcurrentHashMap<>();
        try (PostgresqlNode watching =
                        PostgresqlNode.started(
                                broker.backend(
                                        "url",
                                        broker.url(proxy.port()),
                                        "table-prefix",
                                        "found",
                                        "connect-timeout",
                                        "1s"));
                PostgresqlNode publishing =
                        PostgresqlNode.started(broker.backend("table-prefix", "found"))) {
            publishing.publish("order-old", "1", "2");
            PostgresqlNode.join(
                    watching.backend
                            .discovery()
                            .orElseThrow()
                            .watch(
                                    "order-",
                                    (channel, before) ->
                                            told.computeIfAbsent(
                                                            channel,
                                                            c -> new CopyOnWriteArrayList<>())
                                                    .add(before)));
            publishing.publish("order-known", "1");
            await().atMost(LONG).until(() -> told.containsKey("order-known"));
            proxy.cut();
            await().atMost(LONG).until(() -> watching.sink.disconnections() == 1);
            publishing.publish("order-old", "3", "4");
            publishing.publish("order-known", "2");
            publishing.publish("order-new", "1", "2");
            publishing.publish("other", "1");
            proxy.restore();
            await().atMost(LONG)
                    .until(() -> told.containsKey("order-new") && told.containsKey("order-old"));
            await().atMost(LONG).until(() -> told.get("order-known").size() == 2);
            assertThat(told).containsOnlyKeys("order-old", "order-known", "order-new");
            assertThat(offsets(told.get("order-old")))
                    .as("What was there is not")
                    .containsExactly(2L, 3L);
            assertThat(offsets(told.get("order-known"))).containsExactly(0L, 1L);
            assertThat(offsets(told.get("order-new"))).containsExactly(0L, 1L);
            Position before = told.get("order-old").get(0);
            assertThat(PostgresqlNode.join(publishing.history().after("order-old", before, -1)))
                    .satisfies(slice -> assertThat(slice.gap()).isFalse())
                    .satisfies(slice -> assertThat(slice.events()).hasSize(2));
        } finally {
            proxy.close();
        }
    }

    private static List<Long> offsets(List<Position> positions) {
        return positions.stream().map(Position::offset).toList();
    }

    @Test
    void stopsWhileTheServerIsSilentAndLeavesNoThread() {
        TcpProxy proxy = new TcpProxy(broker.port());
        try {
            PostgresqlNode node =
                    PostgresqlNode.started(broker.backend("url", broker.url(proxy.port())));
            node.subscribe("a");
            proxy.freeze();
            var publishing = node.backend.publish(node.batch("a", "1"));
            var history = node.history().last("a", 1);
            long began = System.nanoTime();
            node.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(publishing.toCompletableFuture()).isCompletedExceptionally();
            assertThat(history.toCompletableFuture()).isCompletedExceptionally();
            assertNoThreads();
        } finally {
            proxy.close();
        }
    }

    @Test
    void stopsWhileItConnectsAndLeavesNoThread() {
        TcpProxy proxy = new TcpProxy(broker.port());
        try {
            proxy.freeze();
            ChannelsBackend backend =
                    broker.backend("url", broker.url(proxy.port()), "connect-timeout", "2s");
            var starting = backend.start(new RecordingSink());
            long began = System.nanoTime();
            PostgresqlNode.join(backend.stop());
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(starting.toCompletableFuture()).isCompletedExceptionally();
            assertNoThreads();
        } finally {
            proxy.close();
        }
    }

    private static void assertNoThreads() {
        await().atMost(Duration.ofSeconds(10))
                .until(
                        () ->
                                Thread.getAllStackTraces().keySet().stream()
                                        .noneMatch(
                                                t ->
                                                        t.getName()
                                                                .startsWith(
                                                                        "channels-postgresql")));
    }

    @Test
    void aSilentServerFailsAPublishInTime() {
        TcpProxy proxy = new TcpProxy(broker.port());
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend("url", broker.url(proxy.port()), "connect-timeout", "1s"))) {
            node.subscribe("silent");
            proxy.freeze();
            List<Publication> batch = node.batch("silent", "1", "2");
            long began = System.nanoTime();
            assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                    .hasCauseInstanceOf(BrokerUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(5));
            // Now both this attempt, which was held back, and the next reach the server.
            proxy.restore();
            await().atMost(Duration.ofSeconds(30)).until(() -> node.isAccepted(batch));
            node.publish("silent", "3");
            assertThat(node.sink.awaitTexts("silent", 3)).containsExactly("1", "2", "3");
        } finally {
            proxy.close();
        }
    }

    /** More than the sockets hold, so that the write itself is what hangs. */
    @Test
    void aNetworkThatGoesSilentInMidWriteFailsThePublishInTime() {
        TcpProxy proxy = new TcpProxy(broker.port());
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend("url", broker.url(proxy.port()), "connect-timeout", "1s"))) {
            node.subscribe("written");
            node.publish("written", "first"); // now nothing has to be read before the write
            proxy.freeze();
            List<Publication> batch = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                batch.add(node.publication(new byte[8 << 20], "written"));
            }
            assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                    .hasCauseInstanceOf(BrokerUnavailableException.class);
            proxy.restore();
            await().atMost(Duration.ofSeconds(30)).until(() -> node.isAccepted(batch));
            node.publish("written", "last");
            assertThat(node.sink.awaitEvents("written", 5)).hasSize(5);
            assertThat(node.sink.gaps()).isZero();
            // It is told on a thread of its own, and perhaps after the events.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> node.sink.connections() == node.sink.disconnections());
        } finally {
            proxy.close();
        }
    }

    @Test
    void aLostNotificationCostsNoMoreThanAPoll() throws Exception {
        var settings = broker.settings("poll-interval", "200ms");
        // Listens on another server's worth of silence: nothing is ever notified there.
        settings.put("listen-url", broker.url().replace("/postgres", "/template1"));
        try (PostgresqlNode node = PostgresqlNode.started(PostgresqlBroker.backend(settings))) {
            node.subscribe("unheard");
            for (int i = 1; i <= 5; i++) {
                node.publish("unheard", Integer.toString(i));
                node.sink.awaitEvents("unheard", i);
            }
            assertThat(node.sink.events("unheard")).hasSize(5);
            String[] many =
                    IntStream.range(0, 600).mapToObj(i -> "many " + i).toArray(String[]::new);
            node.subscribe(many);
            node.publish("unheard", "6");
            node.publish("many 599", "1");
            assertThat(node.sink.awaitTexts("unheard", 6)).last().isEqualTo("6");
            assertThat(node.sink.awaitTexts("many 599", 1)).containsExactly("1");
        }
    }

    @Test
    void anIdleNodeAsksOnceForAllItsChannels() throws Exception {
        broker.execute("CREATE DATABASE idle");
        String[] names =
                IntStream.range(0, 1_000).mapToObj(i -> "idle " + i).toArray(String[]::new);
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend(
                                "url",
                                broker.url().replace("/postgres", "/idle"),
                                "poll-interval",
                                "100ms"))) {
            node.subscribe(names);
            PostgresqlNode.join(
                    node.backend.publish(List.of(node.publication(new byte[1], names))));
            for (String name : names) {
                node.sink.awaitEvents(name, 1);
            }
            long before = broker.number(IDLE_COMMITS);
            long began = System.nanoTime();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> broker.number(IDLE_COMMITS) >= before + 100);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("time for 100 statements, of which 10 a second are polls")
                    .isGreaterThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void notificationsThatAreRefusedAreNoOutage() throws Exception {
        PostgresqlNode.started(broker.backend("table-prefix", "mute")).close();
        broker.execute("CREATE ROLE mute LOGIN");
        broker.execute("GRANT ALL ON mute_channel, mute_event, mute_publisher, mute_life TO mute");
        broker.execute("REVOKE EXECUTE ON FUNCTION pg_notify FROM PUBLIC");
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend(
                                "table-prefix",
                                "mute",
                                "user",
                                "mute",
                                "poll-interval",
                                "100ms"))) {
            node.subscribe("a");
            node.publish("a", "1");
            node.publish("a", "2");
            assertThat(node.sink.awaitTexts("a", 2)).containsExactly("1", "2");
            assertThat(node.sink.disconnections()).isZero();
        } finally {
            broker.execute("GRANT EXECUTE ON FUNCTION pg_notify TO PUBLIC");
        }
    }

    @Test
    void aPasswordIsAskedForAndNeverTold() throws Exception {
        broker.execute("CREATE ROLE secretive LOGIN PASSWORD 'hunter2'");
        broker.execute("GRANT CREATE ON SCHEMA public TO secretive");
        broker.requirePassword("secretive");
        for (var right :
                List.of(
                        secretive("password", "hunter2"),
                        secretive("url", broker.url() + "?password=hunter2"))) {
            try (PostgresqlNode node = PostgresqlNode.started(right)) {
                node.publish("a", "ok");
                assertThat(node.backend.toString()).doesNotContain("hunter2");
            }
        }
        ChannelsBackend wrong = secretive("password", "hunter3");
        assertThatThrownBy(() -> PostgresqlNode.join(wrong.start(new RecordingSink())))
                .hasMessageContaining(ErrorCode.BROKER_REFUSED.code())
                .hasMessageContaining("channels.postgresql.password")
                .hasMessageContaining("secretive")
                .hasMessageNotContaining("hunter3");
        PostgresqlNode.join(wrong.stop());
        assertThat(wrong.toString()).doesNotContain("hunter3");
    }

    private static ChannelsBackend secretive(String key, String value) {
        return broker.backend("user", "secretive", "table-prefix", "secret", key, value);
    }
}
