package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static dev.channels.backend.redis.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.backend.redis.command.Text;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import dev.channels.testkit.EventLedger;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import dev.channels.testkit.NodesUnderLoad.OutageWatch;
import dev.channels.testkit.TcpProxy;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a stream, and what its subscribers hear of it. */
final class RedisStreamsBrokerIT {

    private static final int FAULTS = 5;

    /** How many channels the nodes under load have. */
    private static final int CHANNELS = 3;

    private static RedisBroker broker;

    private TcpProxy proxy;
    private TestNode near;
    private TestNode far;

    @BeforeAll
    static void startBroker() {
        broker = new RedisBroker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void startNodes() {
        broker.admin(RedisCommands::flushall);
        proxy = new TcpProxy(broker.port());
        near = new TestNode(broker.streams(settings(broker.port())), "c");
        far = new TestNode(broker.streams(settings(proxy.port())), "c");
    }

    @AfterEach
    void stopNodes() {
        near.close();
        far.close();
        proxy.close();
    }

    private static MapSettings settings(int port) {
        return new MapSettings()
                .with("uri", "redis://127.0.0.1:" + port)
                .with("history", 100)
                .with("trimming", "exact")
                .with("heartbeat", 300);
    }

    /** Lets something happen while one node is away. */
    private void whileFarIsAway(Runnable work) {
        proxy.cut();
        awaitUntil(() -> far.ledger.disconnections() > far.ledger.connections());
        work.run();
        proxy.restore();
        awaitUntil(() -> far.ledger.disconnections() == far.ledger.connections());
    }

    private void publish(int from, int to) {
        near.publish(
                IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toArray(String[]::new));
    }

    private <T> T admin(Function<RedisCommands<String, String>, T> work) {
        return broker.admin(work);
    }

    private long number(Function<RedisCommands<String, String>, Long> work) {
        return admin(work);
    }

    private List<String> names(Function<RedisCommands<String, String>, List<String>> work) {
        return admin(work);
    }

    @Test
    void aFlushedStreamIsAGapWithTheNextEvent() {
        publish(1, 3);
        far.await("1", "2", "3");
        admin(RedisCommands::flushall);
        publish(4, 5);
        far.await("1", "2", "3", "4", "5");
        near.await("1", "2", "3", "4", "5");
        assertThat(far.ledger.gaps()).isEqualTo(1);
        assertThat(near.ledger.gaps()).isEqualTo(1);
    }

    @Test
    void aStreamFlushedDuringAnOutageIsAGap() {
        publish(1, 3);
        far.await("1", "2", "3");
        whileFarIsAway(
                () -> {
                    publish(4, 5);
                    admin(RedisCommands::flushall);
                    publish(6, 7);
                });
        far.await("1", "2", "3", "6", "7");
        assertThat(far.ledger.gaps()).isEqualTo(1);
    }

    @Test
    void whatHistoryStillHoldsAfterAnOutageIsNoGap() {
        publish(1, 3);
        far.await("1", "2", "3");
        whileFarIsAway(() -> publish(4, 103));
        awaitUntil(() -> far.ledger.count() == 103);
        assertThat(far.ledger.gaps()).isZero();
    }

    @Test
    void aStreamTrimmedPastAReaderIsAGap() {
        publish(1, 3);
        far.await("1", "2", "3");
        whileFarIsAway(() -> publish(4, 104));
        awaitUntil(() -> far.ledger.count() == 103);
        assertThat(far.ledger.events()).startsWith("1", "2", "3", "5").doesNotContain("4");
        assertThat(far.ledger.gaps()).isEqualTo(1);
        publish(105, 105);
        awaitUntil(() -> far.ledger.count() == 104);
        assertThat(far.ledger.gaps()).isEqualTo(1);
        assertThat(near.ledger.gaps()).isZero();
    }

    @Test
    void whatIsTrimmedDuringOutagesUnderLoadIsOneGapEach() {
        try (NodesUnderLoad nodes = underLoad(300)) {
            for (int i = 0; i < FAULTS; i++) {
                nodes.awaitFlow(50);
                whileSecondIsAway(nodes, () -> publishMore(nodes, 2_000));
                awaitGaps(nodes.nodes().get(1), CHANNELS * (i + 1));
            }
            nodes.awaitFlow(50);
            List<Verdict> verdicts = end("trimmed during outages", nodes);
            assertThat(verdicts.get(0).isClean()).as(verdicts.toString()).isTrue();
            assertThat(verdicts.get(1).lost()).isPositive();
            assertThat(verdicts.get(1).gaps()).isEqualTo(CHANNELS * FAULTS);
        }
    }

    @Test
    void whatIsFlushedUnderLoadIsOneGapEach() {
        try (NodesUnderLoad nodes = underLoad(100_000)) {
            for (int i = 0; i < FAULTS; i++) {
                nodes.awaitFlow(50);
                admin(RedisCommands::flushall);
                int gaps = CHANNELS * (i + 1);
                nodes.nodes().forEach(node -> awaitGaps(node, gaps));
            }
            nodes.awaitFlow(50);
            assertThat(end("flushed", nodes))
                    .allSatisfy(v -> assertThat(v.gaps()).isEqualTo(CHANNELS * FAULTS));
            assertThat(nodes.nodes()).allMatch(node -> node.ledger().disconnections() == 0);
        }
    }

    /** Deleted, not flushed: that Redis knows batches that come again is another matter. */
    @Test
    void whatIsDeletedDuringOutagesUnderLoadIsOneGapEach() {
        try (NodesUnderLoad nodes = underLoad(100_000)) {
            for (int i = 0; i < FAULTS; i++) {
                nodes.awaitFlow(50);
                whileSecondIsAway(
                        nodes,
                        () -> {
                            publishMore(nodes, 500);
                            delete("channels");
                            publishMore(nodes, 500);
                        });
                int gaps = CHANNELS * (i + 1);
                nodes.nodes().forEach(node -> awaitGaps(node, gaps));
            }
            nodes.awaitFlow(50);
            List<Verdict> verdicts = end("deleted during outages", nodes);
            assertThat(verdicts).allSatisfy(v -> assertThat(v.gaps()).isEqualTo(CHANNELS * FAULTS));
            assertThat(verdicts.get(0).lost()).isZero();
            assertThat(verdicts.get(1).lost()).isPositive();
        }
    }

    /** Starts a node that speaks to the broker itself, and one that does through the proxy. */
    private NodesUnderLoad underLoad(int history) {
        return new NodesUnderLoad(
                Signal.GAP,
                IntStream.of(broker.port(), proxy.port())
                        .mapToObj(
                                port ->
                                        settings(port)
                                                .with("history", history)
                                                .with("reconnect-max-delay", 300)
                                                .create(new RedisStreamsBackendFactory()))
                        .toList());
    }

    private void whileSecondIsAway(NodesUnderLoad nodes, Runnable work) {
        nodes.awaitCalm();
        OutageWatch watch = nodes.watch(1);
        proxy.cut();
        watch.awaitBegun();
        work.run();
        proxy.restore();
        watch.awaitEnded();
    }

    private static void publishMore(NodesUnderLoad nodes, int events) {
        EventLedger near = nodes.nodes().get(0).ledger();
        int before = near.count();
        awaitUntil(() -> near.count() > before + events);
    }

    private static void awaitGaps(NodesUnderLoad.Node node, int gaps) {
        awaitUntil(() -> node.ledger().gaps() >= gaps);
    }

    private static List<Verdict> end(String test, NodesUnderLoad nodes) {
        List<Verdict> verdicts = Verdicts.end(test, nodes);
        assertThat(verdicts).allMatch(Verdict::isOrderly);
        return verdicts;
    }

    @Test
    void anExpiredStreamIsAGapOnlyToThoseWhoMissedSomething() {
        publish(1, 3);
        far.await("1", "2", "3");
        whileFarIsAway(
                () -> {
                    publish(4, 4);
                    admin(redis -> redis.pexpire("channels/stream/c", 1));
                    awaitUntil(() -> admin(redis -> redis.exists("channels/stream/c")) == 0);
                });
        awaitUntil(() -> far.ledger.gaps() == 1);
        publish(5, 5);
        far.await("1", "2", "3", "5");
        near.await("1", "2", "3", "4", "5");
        assertThat(near.ledger.gaps()).isZero();
        assertThat(far.ledger.gaps()).isEqualTo(1);
    }

    @Test
    void anEvictedHeadBeginsANewLife() {
        publish(1, 3);
        far.await("1", "2", "3");
        admin(redis -> redis.del("channels/head/c"));
        publish(4, 4);
        far.await("1", "2", "3", "4");
        assertThat(far.ledger.gaps()).isEqualTo(1);
        assertThat(number(redis -> redis.xlen("channels/stream/c"))).isEqualTo(1);
    }

    @Test
    void eventsThatRedisForgotInACrashBlockNoLaterOnes() {
        publish(1, 3);
        far.await("1", "2", "3");
        near.await("1", "2", "3");
        whileFarIsAway(
                () ->
                        admin(
                                redis -> {
                                    List<String> ids =
                                            redis
                                                    .xrange("channels/stream/c", Range.unbounded())
                                                    .stream()
                                                    .map(StreamMessage::getId)
                                                    .toList();
                                    redis.xdel("channels/stream/c", ids.get(2));
                                    return redis.hset("channels/head/c", "last", ids.get(1));
                                }));
        publish(4, 5);
        far.await("1", "2", "3", "4", "5");
        near.await("1", "2", "3", "4", "5");
        assertThat(far.ledger.gaps()).isZero();
    }

    /** The publisher does not subscribe, so that nobody who comes back has got the event. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eventsThatRedisForgotBeforeTheyCameAreAGap(boolean withTheWholeRecord) {
        try (TestNode publisher = new TestNode(broker.streams(settings(broker.port())), "other")) {
            get(near.backend.unsubscribe(Set.of("c")));
            publishFrom(publisher, 1, "1");
            far.await("1");
            whileFarIsAway(
                    () -> {
                        forgetWhatComesFrom(publisher);
                        if (withTheWholeRecord) {
                            number(redis -> redis.del(record()));
                        }
                        broker.killClients();
                        awaitUntil(() -> publisher.ledger.connections() == 1);
                    });
            awaitUntil(() -> far.ledger.gaps() == 1);
            publishFrom(publisher, 3, "3");
            far.await("1", "3");
            broker.killClients();
            awaitUntil(() -> publisher.ledger.connections() == 2);
            publishFrom(publisher, 4, "4");
            far.await("1", "3", "4");
            assertThat(far.ledger.gaps()).isEqualTo(1);
        }
    }

    /** To who joined the channel before it had a head, the next event would look like the first. */
    @Test
    void aFirstEventThatRedisForgotIsAGap() {
        try (TestNode publisher = new TestNode(broker.streams(settings(broker.port())), "other")) {
            whileFarIsAway(
                    () -> {
                        publishFrom(publisher, 1, "1");
                        admin(RedisCommands::flushall);
                        broker.killClients();
                        awaitUntil(() -> publisher.ledger.connections() == 1);
                    });
            awaitUntil(() -> far.ledger.gaps() == 1);
            publishFrom(publisher, 2, "2");
            far.await("2");
            assertThat(far.ledger.gaps()).isEqualTo(1);
        }
    }

    /** With the next probe, or with the next event where that comes first. */
    @ParameterizedTest
    @ValueSource(ints = {300, 60_000})
    void aGapThatAFullRedisRefusedIsMadeLater(int heartbeat) {
        try (TestNode publisher =
                new TestNode(
                        broker.streams(settings(broker.port()).with("heartbeat", heartbeat)),
                        "other")) {
            get(near.backend.unsubscribe(Set.of("c")));
            publishFrom(publisher, 1, "1");
            far.await("1");
            whileFarIsAway(
                    () -> {
                        forgetWhatComesFrom(publisher);
                        admin(redis -> redis.configSet("maxmemory", "1"));
                        broker.killClients();
                        awaitUntil(() -> publisher.ledger.connections() == 1);
                    });
            assertThat(publisher.backend.publish(List.of(publication(3, "3"))))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("refuses this for now");
            assertThat(far.ledger.gaps()).isZero();
            admin(redis -> redis.configSet("maxmemory", "0"));
            if (heartbeat == 300) {
                awaitUntil(() -> far.ledger.gaps() == 1);
            }
            publishFrom(publisher, 3, "3");
            far.await("1", "3");
            assertThat(far.ledger.gaps()).isEqualTo(1);
            assertThat(publisher.ledger.disconnections()).isEqualTo(1);
        } finally {
            admin(redis -> redis.configSet("maxmemory", "0"));
        }
    }

    /** Has Redis take an event of the only publisher, and forget it as in a crash. */
    private void forgetWhatComesFrom(TestNode publisher) {
        String head = admin(redis -> redis.hget("channels/head/c", "last"));
        publishFrom(publisher, 2, "2");
        admin(redis -> redis.xtrim("channels/stream/c", 0));
        admin(redis -> redis.hset("channels/head/c", "last", head));
        admin(redis -> redis.set(record(), "1"));
    }

    private String record() {
        return names(redis -> redis.keys("channels/publisher/*")).get(0);
    }

    private static void publishFrom(TestNode publisher, long sequence, String text) {
        get(publisher.backend.publish(List.of(publication(sequence, text))));
    }

    private static Publication publication(long sequence, String text) {
        return new Publication(sequence, Text.bytes(text), Set.of("c"));
    }

    @Test
    void trimsExactly() {
        publish(1, 1_000);
        assertThat(number(redis -> redis.xlen("channels/stream/c"))).isEqualTo(100);
    }

    @Test
    void trimsApproximately() {
        try (TestNode node =
                new TestNode(
                        broker.streams(settings(broker.port()).with("trimming", "approximate")),
                        "approximate")) {
            for (int i = 0; i < 20; i++) {
                node.publish(
                        IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new));
            }
            assertThat(number(redis -> redis.xlen("channels/stream/approximate")))
                    .isBetween(100L, 300L);
        }
    }

    @Test
    void streamsExpire() {
        try (TestNode node =
                new TestNode(
                        broker.streams(settings(broker.port()).with("retention", 60_000)),
                        "mortal")) {
            node.publish("1");
            assertThat(number(redis -> redis.pttl("channels/stream/mortal")))
                    .isBetween(30_000L, 63_000L);
            assertThat(number(redis -> redis.pttl("channels/head/mortal"))).isGreaterThan(63_000L);
        }
        publish(1, 1);
        assertThat(number(redis -> redis.pttl("channels/stream/c"))).isGreaterThan(80_000_000L);
        try (TestNode node =
                new TestNode(
                        broker.streams(settings(broker.port()).with("retention", 0)), "immortal")) {
            assertThat(number(redis -> redis.pttl("channels/head/immortal"))).isPositive();
            node.publish("1");
            assertThat(number(redis -> redis.pttl("channels/stream/immortal"))).isEqualTo(-1);
            assertThat(number(redis -> redis.pttl("channels/head/immortal"))).isEqualTo(-1);
        }
    }

    @Test
    void theHeadOfAnIdleChannelStaysWhileSomebodyReads() {
        try (TestNode node =
                new TestNode(
                        broker.streams(settings(broker.port()).with("retention", 60_000)),
                        "idle")) {
            node.publish("1");
            admin(redis -> redis.pexpire("channels/head/idle", 10_000));
            awaitUntil(() -> number(redis -> redis.pttl("channels/head/idle")) > 60_000);
            admin(redis -> redis.persist("channels/head/idle"));
            long before = commands();
            awaitUntil(() -> commands() > before + 6);
            assertThat(number(redis -> redis.pttl("channels/head/idle"))).isEqualTo(-1);
        }
    }

    /** Redis does nothing else while a script runs. */
    @Test
    void manyChannelsArePublishedToInManyScripts() {
        Set<String> twenty =
                IntStream.range(0, 20).mapToObj(i -> "to-" + i).collect(Collectors.toSet());
        List<Publication> batch =
                IntStream.rangeClosed(1, 500)
                        .mapToObj(i -> new Publication(i, new byte[] {'x'}, twenty))
                        .toList();
        long before = commands();
        get(near.backend.publish(batch));
        assertThat(commands() - before).isGreaterThanOrEqualTo(20);
        assertThat(get(near.backend.history().orElseThrow().last("to-7", -1)).events())
                .hasSize(100);
    }

    @Test
    void largeEventsComeFromTheStream() {
        String large = "x".repeat(3_000_000);
        near.publish("1", large, large, "2");
        far.await("1", large, large, "2");
        assertThat(far.ledger.gaps()).isZero();
        assertThat(far.ledger.disconnections()).isZero();
        ChannelHistory history = far.backend.history().orElseThrow();
        List<ChannelEvent> events = get(history.last("c", -1)).events();
        assertThat(events)
                .extracting(ChannelEvent::size)
                .containsExactly(1, 3_000_000, 3_000_000, 1);
        HistorySlice after = get(history.after("c", events.get(0).position(), -1));
        assertThat(after.events()).hasSize(3);
        assertThat(after.gap()).isFalse();
    }

    /** After small ones, which make pages grow. */
    @Test
    void oneAnswerIsNotMuchLongerThanOneLargeEvent() {
        List<String> events = new ArrayList<>(Collections.nCopies(40, "small"));
        events.addAll(Collections.nCopies(40, "x".repeat(1_000_000)));
        near.publish(events.toArray(String[]::new));
        awaitUntil(() -> far.ledger.count() == 80);
        proxy.delay(Duration.ofMillis(1));
        MapSettings impatient =
                settings(proxy.port()).with("heartbeat", 60_000).with("command-timeout", 1_000);
        try (TestNode slow = new TestNode(broker.streams(impatient), "other")) {
            ChannelHistory history = slow.backend.history().orElseThrow();
            List<ChannelEvent> last = get(history.last("c", -1)).events();
            assertThat(last).hasSize(80);
            assertThat(get(history.last("c", 45)).events())
                    .extracting(ChannelEvent::size)
                    .startsWith(5, 5, 5, 5, 5, 1_000_000)
                    .hasSize(45);
            HistorySlice after = get(history.after("c", last.get(0).position(), 50));
            assertThat(after.events()).extracting(ChannelEvent::size).startsWith(5).hasSize(50);
            assertThat(after.gap()).isFalse();
            assertThat(slow.ledger.disconnections()).isZero();
        }
    }

    @Test
    void aGapIsToldWhateverTheLimit() {
        ChannelHistory history = near.backend.history().orElseThrow();
        publish(1, 1);
        Position first = get(history.last("c", 1)).events().get(0).position();
        assertThat(get(history.after("c", first, 0)).gap()).isFalse();
        publish(2, 101);
        assertThat(get(history.after("c", first, 0)).gap()).isFalse();
        publish(102, 102);
        assertThat(get(history.after("c", first, 0)).gap()).isTrue();
        assertThat(get(history.after("c", first, 0)).events()).isEmpty();
        admin(redis -> redis.xtrim("channels/stream/c", 0));
        assertThat(get(history.after("c", first, 0)).gap()).isTrue();
    }

    @Test
    void databasesAreApart() {
        MapSettings other =
                settings(broker.port()).with("uri", "redis://127.0.0.1:" + broker.port() + "/1");
        try (TestNode elsewhere = new TestNode(broker.streams(other), "c")) {
            publish(1, 1);
            elsewhere.publish("a");
            publish(2, 2);
            near.await("1", "2");
            elsewhere.await("a");
            assertThat(near.ledger.gaps() + elsewhere.ledger.gaps()).isZero();
        }
    }

    private static long delete(String prefix) {
        String uri = "redis://127.0.0.1:" + broker.port();
        return get(RedisStreamsBackend.deleteStreams(uri, prefix));
    }

    @Test
    void deletesTheStreamsOfAPrefix() {
        MapSettings other = settings(broker.port()).with("key-prefix", "chan*");
        try (TestNode foreign = new TestNode(broker.streams(other), "c")) {
            foreign.publish("kept");
            publish(1, 2);
            far.await("1", "2");
            assertThat(delete("channels")).isEqualTo(1);
            assertThat(names(redis -> redis.keys("*/stream/*"))).containsExactly("chan*/stream/c");
            publish(3, 3);
            far.await("1", "2", "3");
            assertThat(far.ledger.gaps()).isEqualTo(1);
            assertThat(delete("chan*")).isEqualTo(1);
            assertThat(names(redis -> redis.keys("*/stream/*")))
                    .containsExactly("channels/stream/c");
        }
    }

    @Test
    void oneEventForSeveralChannelsIsOneScript() {
        Set<String> channels = Set.of("a", "b", "c");
        get(near.backend.subscribe(Set.of("a", "b")));
        get(near.backend.publish(List.of(new Publication(1, new byte[] {'x'}, channels))));
        near.await("x");
        assertThat(get(near.backend.history().orElseThrow().last("a", 1)).events()).hasSize(1);
        assertThat(get(near.backend.history().orElseThrow().last("b", 1)).events()).hasSize(1);
    }

    @Test
    void anIdleNodeCostsAFewCommandsWhateverItsChannels() {
        get(
                near.backend.subscribe(
                        IntStream.range(0, 2_000)
                                .mapToObj(i -> "idle-" + i)
                                .collect(Collectors.toSet())));
        far.close();
        // At the default heartbeat of 5 seconds the same number of commands takes 16 times as long.
        long began = System.nanoTime();
        long before = commands();
        awaitUntil(() -> System.nanoTime() - began > 3_000_000_000L);
        double heartbeats = (System.nanoTime() - began) / 300e6;
        long between = commands() - before;
        System.out.printf(
                "idle with 2,001 channels: %d commands in %.1f heartbeats%n", between, heartbeats);
        assertThat(between / heartbeats).isBetween(1.0, 4.0);
    }

    /** Counts commands but those inside of scripts, and those of the administrator. */
    private long commands() {
        String statistics = admin(redis -> redis.info("commandstats"));
        return statistics
                .lines()
                .filter(line -> line.matches("cmdstat_(ping|evalsha|eval|xread.*|psub.*):.*"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^:]*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void comesBackWithManyChannels() {
        Set<String> many =
                IntStream.range(0, 5_000).mapToObj(i -> "many-" + i).collect(Collectors.toSet());
        get(far.backend.subscribe(many));
        whileFarIsAway(() -> publish(1, 1));
        far.await("1");
        assertThat(names(redis -> redis.pubsubChannels("channels/push/0/many-*"))).hasSize(5_000);
        get(far.backend.unsubscribe(many));
        assertThat(names(redis -> redis.pubsubChannels("channels/push/0/many-*"))).isEmpty();
        assertThat(far.ledger.gaps()).isZero();
    }

    // ---- Presence

    @Test
    void keepingAndCountingReadNoneOfTenThousandClients() {
        ChannelPresence presence = near.backend.presence().orElseThrow();
        for (int i = 0; i < 20; i++) {
            int first = i * 500;
            get(
                    presence.change(
                            IntStream.range(first, first + 500)
                                    .mapToObj(RedisStreamsBrokerIT::entering)
                                    .toList(),
                            Duration.ofMinutes(1)));
        }
        String before = readsOfHashes();
        long begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(get(presence.statistics("c")))
                    .isEqualTo(new PresenceStatistics(10_000, 500));
            assertThat(get(presence.keepAlive(Map.of("c", 10_000), Duration.ofMinutes(1))))
                    .isEmpty();
        }
        System.out.printf(
                "PRESENCE redis: counting or keeping 10,000 clients takes %d µs%n",
                (System.nanoTime() - begin) / 200_000);
        assertThat(readsOfHashes()).isEqualTo(before);
        assertThat(get(presence.clients("c", 2_001))).hasSize(2_001);
        assertThat(get(presence.clients("c", 20_000)).stream().map(PresentClient::id).distinct())
                .hasSize(10_000);
    }

    private static PresenceChange entering(int number) {
        PresentClient client =
                new PresentClient("client " + number, "user " + number % 500, null, null);
        return new PresenceChange("c", client, true);
    }

    /** Returns what the broker says of the commands that read more than one field of a hash. */
    private String readsOfHashes() {
        return admin(redis -> redis.info("commandstats"))
                .lines()
                .filter(line -> line.matches("cmdstat_(hgetall|hscan|hvals|hkeys):.*"))
                .collect(Collectors.joining("\n"));
    }
}
