package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static dev.channels.backend.redis.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import dev.channels.test.LogCapture;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Redis refuses, and what becomes of the rest. */
final class RedisRefusalsBrokerIT {

    /** What every user needs, without what only another database, a cluster or deletion needs. */
    private static final Pattern RIGHTS =
            Pattern.compile(
                    "The user may use the keys (?<both>.*?), if the database"
                            + ".*? for `redis-streams` also (?<streams>.*?), and `SCAN` to delete");

    private static RedisBroker broker;

    private TestNode node;

    @BeforeAll
    static void startBroker() {
        broker = new RedisBroker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void startNode() {
        broker.admin(RedisCommands::flushall);
        node = new TestNode(broker.streams(settings("")), "c");
    }

    @AfterEach
    void stopNode() {
        node.close();
    }

    private static MapSettings settings(String user) {
        return new MapSettings()
                .with("uri", "redis://" + user + "127.0.0.1:" + broker.port())
                .with("heartbeat", 300);
    }

    private static Publication publication(long sequence, int size, String channel) {
        byte[] payload = Long.toString(sequence).getBytes(StandardCharsets.UTF_8);
        return new Publication(sequence, Arrays.copyOf(payload, size), Set.of(channel));
    }

    /** Puts a key of another type in the place of a channel's stream. */
    private static Publication odd(long sequence) {
        broker.admin(redis -> redis.set("channels/stream/odd", "a string"));
        broker.admin(
                redis ->
                        redis.hset(
                                "channels/head/odd",
                                Map.of("version", "1", "epoch", "e", "last", "1-1")));
        return publication(sequence, 1, "odd");
    }

    private static PublicationsRejectedException rejection(
            ChannelsBackend backend, List<Publication> batch) {
        Throwable failure = failure(backend, batch);
        assertThat(failure).isInstanceOf(PublicationsRejectedException.class);
        return (PublicationsRejectedException) failure;
    }

    private static Throwable failure(ChannelsBackend backend, List<Publication> batch) {
        var stage = backend.publish(batch).toCompletableFuture();
        awaitUntil(stage::isDone);
        return stage.handle((done, failure) -> failure).join();
    }

    @Test
    void aKeyOfAnotherTypeRefusesItsChannelAlone() {
        Publication odd = odd(1);
        Publication good = publication(2, 1, "c");
        PublicationsRejectedException rejected = rejection(node.backend, List.of(odd, good));
        assertThat(rejected.reasonFor(odd)).hasMessageContaining("WRONGTYPE");
        assertThat(rejected.reasonFor(good)).isNull();
        node.await("2");
    }

    @Test
    void whatWasRefusedIsRefusedAgainWhenTheAnswerWasLost() {
        List<Publication> batch = List.of(publication(1, 1, "c"), odd(2), publication(3, 1, "c"));
        rejection(node.backend, batch);
        PublicationsRejectedException again = rejection(node.backend, batch);
        assertThat(again.reasonFor(batch.get(0))).isNull();
        assertThat(again.reasonFor(batch.get(1))).hasMessageContaining("WRONGTYPE");
        assertThat(again.reasonFor(batch.get(2))).isNull();
        node.await("1", "3");
    }

    @Test
    void whatWasRefusedStaysRefusedWhenALaterPartOfTheBatchIsRepeated() {
        int megabyte = 1 << 20;
        List<Publication> batch = new ArrayList<>(List.of(odd(1)));
        IntStream.rangeClosed(2, 20).forEach(i -> batch.add(publication(i, megabyte, "c")));
        long used =
                broker.admin(
                        redis ->
                                redis.info("memory")
                                        .lines()
                                        .filter(line -> line.startsWith("used_memory:"))
                                        .mapToLong(line -> Long.parseLong(line.split(":")[1]))
                                        .findFirst()
                                        .orElseThrow());
        broker.admin(redis -> redis.configSet("maxmemory", Long.toString(used + 8L * megabyte)));
        assertThat(failure(node.backend, batch)).isInstanceOf(BrokerUnavailableException.class);
        long appended = broker.admin(redis -> redis.xlen("channels/stream/c"));
        assertThat(appended).isBetween(2L, 18L);
        broker.admin(redis -> redis.configSet("maxmemory", "0"));
        PublicationsRejectedException rejected = rejection(node.backend, batch);
        assertThat(rejected.reasonFor(batch.get(0))).hasMessageContaining("WRONGTYPE");
        assertThat(batch.subList(1, batch.size()))
                .allMatch(publication -> rejected.reasonFor(publication) == null);
        awaitUntil(() -> node.ledger.count() == batch.size() - 1);
        assertThat(node.ledger.disconnections()).isZero();
    }

    @Test
    void aHeadOfAnotherTypeFailsItsSubscriptionAlone() {
        broker.admin(redis -> redis.set("channels/head/odd", "a string"));
        assertThat(node.backend.subscribe(Set.of("odd", "good")).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("WRONGTYPE");
        get(node.backend.subscribe(Set.of("good")));
        assertThat(node.ledger.disconnections()).isZero();
    }

    /** Redis refuses the command for both channels, and the one is taken back. */
    @ParameterizedTest
    @MethodSource("factories")
    void aSubscribeThatFailsLeavesNothingSubscribed(BackendFactory factory) {
        addUser(
                AclSetuserArgs.Builder.allKeys()
                        .allCommands()
                        .resetChannels()
                        .channelPattern("channels/*c")
                        .channelPattern("channels/*good"));
        broker.admin(redis -> redis.set("channels/head/c-good", "a string"));
        try (TestNode limited = new TestNode(settings("limited:pw@").create(factory), "c")) {
            assertThat(limited.backend.subscribe(Set.of("good", "odd")).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(10));
            limited.backend
                    .history()
                    .ifPresent(
                            history ->
                                    assertThat(limited.backend.subscribe(Set.of("good", "c-good")))
                                            .failsWithin(Duration.ofSeconds(10)));
            limited.publish("1");
            limited.await("1");
            awaitUntil(() -> broker.admin(redis -> redis.pubsubChannels("*good")).isEmpty());
            get(limited.backend.subscribe(Set.of("good")));
            assertThat(broker.<List<String>>admin(redis -> redis.pubsubChannels("*good")))
                    .hasSize(1);
            assertThat(limited.ledger.disconnections()).isZero();
        }
    }

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    /** As a newer version of the library would leave it. */
    @Test
    void aHeadOfANewerVersionIsRefusedAndSaidForItsChannelAlone() {
        get(node.backend.subscribe(Set.of("newer")));
        broker.admin(redis -> redis.hset("channels/head/newer", "version", "2"));
        Publication newer = publication(1, 1, "newer");
        Publication good = publication(2, 1, "c");
        PublicationsRejectedException rejected = rejection(node.backend, List.of(newer, good));
        assertThat(rejected.reasonFor(newer))
                .hasMessageStartingWith("CHANNELS0027: ")
                .hasMessageContaining("version 2");
        assertThat(rejected.reasonFor(good)).isNull();
        node.await("2");
        assertThat(node.backend.history().orElseThrow().last("newer", 1))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("CHANNELS0027");
        get(node.backend.unsubscribe(Set.of("newer")));
        assertThat(node.backend.subscribe(Set.of("newer")))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("CHANNELS0027");
        assertThat(node.ledger.disconnections()).isZero();
    }

    @Test
    void anEventOfANewerVersionIsAGapThatIsSaidOnceAndTheNextOnesFollow() {
        try (LogCapture log = new LogCapture();
                TestNode listening =
                        new TestNode(settings("").create(new RedisPubSubBackendFactory()), "c")) {
            listening.publish("1");
            String send = "return redis.call('PUBLISH', ARGV[1], 'of a newer version\\206\\2')";
            for (int i = 0; i < 3; i++) {
                broker.admin(
                        redis ->
                                redis.eval(
                                        send,
                                        ScriptOutputType.INTEGER,
                                        new String[0],
                                        "channels/c"));
            }
            listening.publish("2");
            listening.await("1", "2");
            assertThat(listening.ledger.gaps()).isEqualTo(3);
            awaitUntil(() -> !log.messages("CHANNELS0027").isEmpty());
            assertThat(log.messages("CHANNELS0027"))
                    .singleElement()
                    .asString()
                    .contains("channel 'c' has something of version 2");
        }
    }

    @Test
    void aHeadThatTurnsIntoAnotherTypeKeepsNoNodeOffline() {
        get(node.backend.subscribe(Set.of("odd")));
        broker.admin(redis -> redis.set("channels/head/odd", "a string"));
        broker.admin(redis -> redis.clientKill(KillArgs.Builder.typePubsub()));
        awaitUntil(() -> node.ledger.connections() == 1);
        node.publish("1");
        node.await("1");
        assertThat(node.ledger.disconnections()).isEqualTo(1);
    }

    @Test
    void aStreamOfAnotherTypeKeepsNoNodeOffline() {
        get(node.backend.subscribe(Set.of("odd")));
        odd(1);
        long before = scripts();
        awaitUntil(() -> scripts() > before + 10);
        assertThat(node.ledger.disconnections()).isZero();
        broker.admin(redis -> redis.del("channels/stream/odd"));
        node.publish("1");
        node.await("1");
    }

    private static long scripts() {
        return broker.admin(redis -> redis.info("commandstats"))
                .lines()
                .filter(line -> line.startsWith("cmdstat_evalsha:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^:]*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void aRefusedScriptFailsNothingThatWasAcceptedBefore() {
        addUser(
                AclSetuserArgs.Builder.keyPattern("channels/publisher/*")
                        .keyPattern("channels/*/c")
                        .allChannels()
                        .allCommands());
        List<Publication> batch = new ArrayList<>();
        IntStream.rangeClosed(1, 500).forEach(i -> batch.add(publication(i, 4, "c")));
        batch.add(publication(501, 1, "forbidden"));
        try (TestNode limited = new TestNode(broker.streams(settings("limited:pw@")), "c")) {
            PublicationsRejectedException rejected = rejection(limited.backend, batch);
            assertThat(rejected.reasonFor(batch.get(500))).hasMessageContaining("NOPERM");
            assertThat(batch.subList(0, 500))
                    .allMatch(publication -> rejected.reasonFor(publication) == null);
            awaitUntil(() -> node.ledger.count() == 500);
        }
    }

    @Test
    void aForbiddenChannelRefusesItsEventsAlone() {
        addUser(
                AclSetuserArgs.Builder.allKeys()
                        .allCommands()
                        .resetChannels()
                        .channelPattern("channels/c"));
        // The large ones, and the last one, go alone; the others by scripts.
        List<Publication> batch = new ArrayList<>();
        IntStream.range(0, 1_000)
                .forEach(i -> batch.add(publication(i, 100, i % 100 == 42 ? "forbidden" : "c")));
        batch.add(publication(1_000, 40_000, "forbidden"));
        batch.add(publication(1_001, 9 << 20, "c"));
        batch.add(publication(1_002, 40_000, "c"));
        batch.add(publication(1_003, 10, "forbidden"));
        Set<String> many =
                IntStream.range(0, 40).mapToObj(i -> "forbidden-" + i).collect(Collectors.toSet());
        batch.add(new Publication(1_004, new byte[] {'x'}, many));
        batch.add(publication(1_005, 10, "c"));
        try (TestNode limited =
                new TestNode(
                        settings("limited:pw@").create(new RedisPubSubBackendFactory()), "c")) {
            PublicationsRejectedException rejected = rejection(limited.backend, batch);
            for (Publication publication : batch) {
                boolean refused =
                        !publication.channels().equals(Set.of("c"))
                                || publication.sequence() == 1_001;
                assertThat(rejected.reasonFor(publication) != null)
                        .as("%s", publication.sequence())
                        .isEqualTo(refused);
            }
            assertThat(rejected.reasonFor(batch.get(42))).hasMessageContaining("channel");
            assertThat(rejected.reasonFor(batch.get(1_000))).hasMessageContaining("channel");
            assertThat(rejected.reasonFor(batch.get(1_001))).hasMessageContaining("8 MiB");
            awaitUntil(() -> limited.ledger.count() == 992);
            assertThat(limited.ledger.gaps()).isZero();
        }
    }

    /** Redis takes it by several messages. */
    @Test
    void anEventToManyChannelsIsNotPublishedBehindTheOneThatRefusesIt() {
        addUser(
                AclSetuserArgs.Builder.allKeys()
                        .allCommands()
                        .resetChannels()
                        .channelPattern("channels/c*"));
        Set<String> channels = new LinkedHashSet<>(List.of("c", "forbidden"));
        IntStream.range(0, 40).forEach(i -> channels.add("c" + i));
        Publication refused = new Publication(1, new byte[] {'1'}, channels);
        Set<String> both = new LinkedHashSet<>(List.of("c39", "c"));
        List<Publication> batch =
                List.of(
                        refused,
                        publication(2, 1, "c"),
                        publication(3, 1, "c39"),
                        new Publication(4, new byte[] {'4'}, both));
        RedisPubSubBackendFactory factory = new RedisPubSubBackendFactory();
        try (TestNode limited = new TestNode(settings("limited:pw@").create(factory), "c");
                TestNode other = new TestNode(settings("").create(factory), "c39")) {
            PublicationsRejectedException rejected = rejection(limited.backend, batch);
            assertThat(batch)
                    .allMatch(one -> (rejected.reasonFor(one) != null) == (one == refused));
            get(limited.backend.publish(List.of(publication(5, 1, "c"), publication(6, 1, "c39"))));
            limited.await("1", "2", "4", "5");
            other.await("3", "4", "6");
            assertThat(limited.ledger.gaps() + other.ledger.gaps()).isZero();
        }
    }

    @Test
    void aUserWhoMayNotPushIsHeardByProbes() {
        addUser(
                AclSetuserArgs.Builder.allKeys()
                        .allChannels()
                        .allCommands()
                        .removeCommand(CommandType.PUBLISH));
        try (TestNode mute = new TestNode(broker.streams(settings("limited:pw@")), "c")) {
            mute.publish("1");
            mute.publish("2");
            node.await("1", "2");
            node.publish("3");
            mute.await("1", "2", "3");
            assertThat(node.ledger.gaps() + mute.ledger.gaps()).isZero();
        }
    }

    /** The list in the documentation. */
    @ParameterizedTest
    @MethodSource("documented")
    void whatIsDocumentedIsEnough(BackendFactory factory, List<CommandType> commands) {
        AclSetuserArgs rights =
                AclSetuserArgs.Builder.keyPattern("channels/*")
                        .resetChannels()
                        .channelPattern("channels/*");
        commands.forEach(rights::addCommand);
        addUser(rights);
        try (TestNode limited =
                new TestNode(
                        settings("limited:pw@").with("retention", 60_000).create(factory), "c")) {
            Set<String> both = Set.of("c", "d");
            get(limited.backend.publish(List.of(new Publication(1, new byte[] {'x'}, both))));
            limited.publish("y");
            limited.await("x", "y");
            assertThat(limited.ledger.disconnections()).isZero();
            broker.killClients();
            awaitUntil(() -> limited.ledger.connections() == 1);
            get(limited.backend.unsubscribe(Set.of("c")));
            get(limited.backend.subscribe(Set.of("c")));
            limited.backend
                    .history()
                    .ifPresent(
                            history -> {
                                List<ChannelEvent> events = get(history.last("c", -1)).events();
                                assertThat(events).hasSize(2);
                                Position first = events.get(0).position();
                                assertThat(get(history.after("c", first, -1)).events()).hasSize(1);
                                awaitGapOfForgottenEvents(limited);
                            });
        }
    }

    private static void awaitGapOfForgottenEvents(TestNode limited) {
        broker.admin(redis -> redis.del(redis.keys("channels/publisher/*").toArray(String[]::new)));
        broker.killClients();
        awaitUntil(() -> limited.ledger.gaps() == 1);
        assertThat(limited.ledger.disconnections()).isEqualTo(2);
    }

    static Stream<Arguments> documented() throws IOException {
        Path page = Path.of("src/site/markdown/redis.md");
        Matcher matcher = RIGHTS.matcher(Files.readString(page).replaceAll("\\s+", " "));
        assertThat(matcher.find()).as("%s lists the rights", page).isTrue();
        List<CommandType> pubSub = commands(matcher.group("both"));
        List<CommandType> streams = new ArrayList<>(pubSub);
        streams.addAll(commands(matcher.group("streams")));
        return Stream.of(
                Arguments.of(new RedisPubSubBackendFactory(), pubSub),
                Arguments.of(new RedisStreamsBackendFactory(), streams));
    }

    private static List<CommandType> commands(String sentence) {
        return Pattern.compile("`([A-Z]+)`")
                .matcher(sentence)
                .results()
                .map(result -> CommandType.valueOf(result.group(1)))
                .toList();
    }

    private static void addUser(AclSetuserArgs rights) {
        broker.admin(redis -> redis.aclDeluser("limited"));
        broker.admin(redis -> redis.aclSetuser("limited", rights.on().addPassword("pw")));
    }
}
