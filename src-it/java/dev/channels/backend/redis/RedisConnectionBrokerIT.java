package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static dev.channels.backend.redis.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.backend.redis.pubsub.PubSubRun;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import dev.channels.testkit.EventLedger;
import dev.channels.testkit.TcpProxy;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.CommandType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses, secrets, threads. */
final class RedisConnectionBrokerIT {

    private static final String SECRET = "s3cr3t";

    private static RedisBroker broker;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeAll
    static void startBroker() {
        broker = new RedisBroker("requirepass " + SECRET);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static MapSettings settings(String user, int port) {
        return new MapSettings()
                .with("uri", "redis://" + user + "127.0.0.1:" + port + "/2")
                .with("connect-timeout", 2_000)
                .with("command-timeout", 1_000);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void logsInWithPasswordAndUser(BackendFactory factory) {
        for (String user : List.of(":" + SECRET + "@", "default:" + SECRET + "@")) {
            MapSettings settings = settings(user, broker.port());
            try (TestNode node = new TestNode(settings.create(factory), "login")) {
                node.publish("in");
                node.await("in");
                assertThat(node.backend.toString()).doesNotContain(SECRET).contains("127.0.0.1");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void prefixesAreApartAlsoWhereOneLooksLikeAnother(BackendFactory factory) {
        List<String> prefixes = List.of("app", "app*", "app?", "[a]pp", "app-c", "ap");
        List<TestNode> nodes = new ArrayList<>();
        try {
            for (String prefix : prefixes) {
                MapSettings settings = settings(":" + SECRET + "@", broker.port());
                nodes.add(new TestNode(settings.with("key-prefix", prefix).create(factory), "c"));
            }
            for (int i = 0; i < nodes.size(); i++) {
                nodes.get(i).publish(prefixes.get(i), "last");
            }
            for (int i = 0; i < nodes.size(); i++) {
                nodes.get(i).await(prefixes.get(i), "last");
            }
        } finally {
            nodes.forEach(TestNode::close);
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void aWrongPasswordFailsTheStartAsConfigurationAndIsNotShown(BackendFactory factory) {
        // An answer is there, however long it takes: no outage is in the way.
        ChannelsBackend backend =
                settings("default:wr0ng@", broker.port())
                        .with("connect-timeout", 60_000)
                        .create(factory);
        Throwable failure = assertStartFails(backend, "WRONGPASS", "wr0ng");
        assertThat(failure).hasMessageContaining("Check user, password and database");
        assertThat(((ChannelsException) failure).errorCode()).isEqualTo(ErrorCode.BROKER_REFUSED);
        get(backend.stop());
    }

    @ParameterizedTest
    @MethodSource("factories")
    void aDatabaseThatIsNotThereFailsTheStartAsConfiguration(BackendFactory factory) {
        ChannelsBackend backend =
                settings("", broker.port())
                        .with("uri", "redis://:" + SECRET + "@127.0.0.1:" + broker.port() + "/99")
                        .with("connect-timeout", 60_000)
                        .create(factory);
        Throwable failure = assertStartFails(backend, "DB index is out of range", SECRET);
        assertThat(((ChannelsException) failure).errorCode()).isEqualTo(ErrorCode.BROKER_REFUSED);
        get(backend.stop());
    }

    @ParameterizedTest
    @MethodSource("factories")
    void anUnreachableRedisFailsTheStartAndIsNamed(BackendFactory factory) {
        int port = RedisBroker.freePort();
        ChannelsBackend backend = settings(":" + SECRET + "@", port).create(factory);
        assertStartIsAnOutage(backend, "redis://127.0.0.1:" + port + "/2", SECRET);
        get(backend.stop());
    }

    @ParameterizedTest
    @MethodSource("factories")
    void aSilentRedisFailsTheStartInTime(BackendFactory factory) {
        try (TcpProxy proxy = new TcpProxy(broker.port())) {
            proxy.freeze();
            ChannelsBackend backend = settings(":" + SECRET + "@", proxy.port()).create(factory);
            assertStartIsAnOutage(backend, "cannot be reached", SECRET);
            get(backend.stop());
        }
    }

    private static Throwable assertStartFails(
            ChannelsBackend backend, String shown, String secret) {
        EventLedger ledger = new EventLedger("none");
        CompletableFuture<Void> started = backend.start(ledger).toCompletableFuture();
        awaitUntil(started::isDone);
        Throwable failure = started.handle((done, thrown) -> thrown).join();
        assertThat(failure).isInstanceOf(ChannelsException.class);
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        assertThat(text.toString()).contains(shown).doesNotContain(secret);
        return failure;
    }

    private static void assertStartIsAnOutage(
            ChannelsBackend backend, String shown, String secret) {
        assertThat(assertStartFails(backend, shown, secret))
                .isInstanceOf(BrokerUnavailableException.class);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void stopEndsAllThreadsAlsoWhileRedisIsSilent(BackendFactory factory) {
        Set<Thread> before = threads();
        try (TcpProxy proxy = new TcpProxy(broker.port())) {
            ChannelsBackend backend = settings(":" + SECRET + "@", proxy.port()).create(factory);
            TestNode node = new TestNode(backend, "threads");
            node.publish("1");
            node.await("1");
            assertThat(threads())
                    .filteredOn(thread -> !before.contains(thread))
                    .isNotEmpty()
                    .allSatisfy(
                            thread ->
                                    assertThat(thread.getContextClassLoader())
                                            .isSameAs(RedisClient.class.getClassLoader()));
            proxy.freeze();
            var pending = backend.publish(node.batch("2")).toCompletableFuture();
            node.close();
            assertThat(pending)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(BrokerUnavailableException.class);
        }
        awaitUntil(() -> before.containsAll(threads()));
    }

    /** The proxy in front shows attempts to connect that get stuck at the one behind. */
    @ParameterizedTest
    @MethodSource("factories")
    void aRedisThatFallsSilentWhileItConfirmsManySubscriptionsIsGivenUp(BackendFactory factory) {
        try (TcpProxy behind = new TcpProxy(broker.port());
                TcpProxy proxy = new TcpProxy(behind.port());
                TestNode node =
                        new TestNode(
                                settings(":" + SECRET + "@", proxy.port())
                                        .with("heartbeat", 400)
                                        .create(factory),
                                "silent")) {
            // Answers of about 120 KB each: nearly always one is under way.
            Set<String> many =
                    IntStream.range(0, 5_000)
                            .mapToObj(i -> i + "-" + "x".repeat(190))
                            .collect(Collectors.toSet());
            behind.delay(Duration.ofMillis(20));
            get(node.backend.subscribe(many));
            assertThat(node.ledger.disconnections()).isZero();
            long before = proxy.bytes();
            proxy.closeConnections();
            awaitUntil(() -> proxy.bytes() > before + 1_500_000);
            behind.freeze();
            assertThat(node.ledger.connections()).isZero();
            long attempts = proxy.connections();
            awaitUntil(() -> proxy.connections() > attempts);
            behind.delay(Duration.ZERO);
            behind.restore();
            awaitUntil(() -> node.ledger.connections() == 1);
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void aLargeEventMayTakeLongerThanACommand(BackendFactory factory) {
        try (TcpProxy proxy = new TcpProxy(broker.port());
                TestNode near =
                        new TestNode(
                                settings(":" + SECRET + "@", broker.port()).create(factory),
                                "large")) {
            ChannelsBackend far =
                    settings(":" + SECRET + "@", proxy.port())
                            .with("command-timeout", 300)
                            .with("heartbeat", 100)
                            .create(factory);
            EventLedger ledger = new EventLedger("none");
            get(far.start(ledger));
            proxy.delay(Duration.ofMillis(1));
            byte[] large = new byte[PubSubRun.MAX_PAYLOAD];
            get(far.publish(List.of(new Publication(1, large, Set.of("large")))));
            awaitUntil(() -> near.ledger.count() == 1);
            assertThat(ledger.disconnections() + near.ledger.disconnections()).isZero();
            get(far.stop());
        }
    }

    @Test
    void pubSubRefusesWhatWouldCutEverySubscriber() {
        try (TestNode node =
                new TestNode(
                        settings(":" + SECRET + "@", broker.port())
                                .create(new RedisPubSubBackendFactory()),
                        "c")) {
            var tooLarge = new Publication(1, new byte[PubSubRun.MAX_PAYLOAD + 1], Set.of("c"));
            var largest = new Publication(2, new byte[PubSubRun.MAX_PAYLOAD], Set.of("c"));
            var small = new Publication(3, new byte[1], Set.of("c"));
            assertThat(
                            node.backend
                                    .publish(List.of(tooLarge, largest, small))
                                    .toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            PublicationsRejectedException.class,
                            rejected -> {
                                assertThat(rejected.reasonFor(tooLarge))
                                        .hasMessageContaining("8 MiB");
                                assertThat(rejected.reasonFor(largest)).isNull();
                                assertThat(rejected.reasonFor(small)).isNull();
                            });
            awaitUntil(() -> node.ledger.count() == 2);
            assertThat(node.ledger.disconnections()).isZero();
        }
    }

    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("channels-")) {
                threads.add(thread);
            }
        }
        return threads;
    }

    @ParameterizedTest
    @MethodSource("factories")
    void holdsNothingThatIsPublished(BackendFactory factory) {
        try (TestNode node =
                new TestNode(settings(":" + SECRET + "@", broker.port()).create(factory), "c")) {
            WeakReference<Publication> publication = publish(node.backend);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(2))
                    .until(
                            () -> {
                                System.gc();
                                return publication.refersTo(null);
                            });
        }
    }

    private static WeakReference<Publication> publish(ChannelsBackend backend) {
        Publication publication = new Publication(1, new byte[100], Set.of("c"));
        get(backend.publish(List.of(publication)));
        return new WeakReference<>(publication);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void startsAgainAndAgain(BackendFactory factory) {
        ChannelsBackend backend = settings(":" + SECRET + "@", broker.port()).create(factory);
        for (int i = 0; i < 10; i++) {
            get(backend.start(new EventLedger("again")));
            get(backend.stop());
        }
        get(backend.stop());
    }

    @Test
    void pubSubLeavesANodeThatHasBecomeAReplica() {
        try (RedisBroker replica =
                        new RedisBroker("requirepass " + SECRET, "masterauth " + SECRET);
                TestNode node =
                        new TestNode(
                                settings(":" + SECRET + "@", replica.port())
                                        .with("heartbeat", 300)
                                        .with("reconnect-max-delay", 300)
                                        .create(new RedisPubSubBackendFactory()),
                                "replica")) {
            replica.admin(SECRET, redis -> redis.replicaof("127.0.0.1", broker.port()));
            awaitUntil(() -> node.ledger.disconnections() > 0);
            assertThat(node.ledger.connections()).isZero();
            replica.admin(SECRET, redis -> redis.replicaofNoOne());
            awaitUntil(() -> node.ledger.connections() == 1);
            node.publish("1");
            node.await("1");
        }
    }

    @Test
    void aUserWhoMayNotAskForTheRoleCanPublish() {
        broker.admin(
                SECRET,
                redis ->
                        redis.aclSetuser(
                                "roleless",
                                AclSetuserArgs.Builder.on()
                                        .addPassword("pw")
                                        .allKeys()
                                        .allChannels()
                                        .allCommands()
                                        .removeCommand(CommandType.ROLE)));
        try (TestNode node =
                new TestNode(
                        settings("roleless:pw@", broker.port())
                                .create(new RedisPubSubBackendFactory()),
                        "c")) {
            node.publish("1");
            node.await("1");
        }
    }

    @Test
    void aReadOnlyReplicaIsNoBroker() {
        RedisBroker replica = new RedisBroker("requirepass " + SECRET, "masterauth " + SECRET);
        try {
            TestNode node =
                    new TestNode(
                            settings(":" + SECRET + "@", replica.port())
                                    .with("reconnect-max-delay", 300)
                                    .create(new RedisStreamsBackendFactory()),
                            "replica");
            node.publish("1");
            replica.admin(SECRET, redis -> redis.replicaof("127.0.0.1", broker.port()));
            assertThat(node.backend.publish(node.batch("2")).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(BrokerUnavailableException.class);
            awaitUntil(() -> node.ledger.disconnections() > 0);
            replica.admin(SECRET, redis -> redis.replicaofNoOne());
            awaitUntil(() -> node.ledger.connections() == node.ledger.disconnections());
            node.publish("3");
            awaitUntil(() -> node.ledger.events().contains("3"));
            node.close();
        } finally {
            replica.close();
        }
    }
}
