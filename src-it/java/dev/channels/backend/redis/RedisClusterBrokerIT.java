package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static dev.channels.backend.redis.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Redis Cluster of three masters. */
final class RedisClusterBrokerIT {

    private static RedisCluster cluster;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeAll
    static void startCluster() {
        cluster = new RedisCluster(3, 0, RedisCluster::member);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private static MapSettings settings() {
        return new MapSettings()
                .with("uri", cluster.uri())
                .with("history", 100_000)
                .with("command-timeout", 2_000)
                .with("reconnect-max-delay", 500);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void oneNodeHearsTheOtherOnManyChannels(BackendFactory factory) {
        try (TestNode one = new TestNode(settings().create(factory), "main");
                TestNode two = new TestNode(settings().create(factory), "main")) {
            Set<String> many =
                    IntStream.range(0, 300).mapToObj(i -> "many-" + i).collect(Collectors.toSet());
            get(two.backend.subscribe(many));
            get(one.backend.publish(List.of(new Publication(1, new byte[] {'x'}, many))));
            one.publish("1", "2", "3");
            two.await("1", "2", "3");
            one.await("1", "2", "3");
        }
    }

    @Test
    void aSilentSeedHidesNoOther() {
        try (SilentHost silent = new SilentHost()) {
            String hosts = silent.address() + ",127.0.0.1:" + cluster.node(0).port();
            MapSettings settings =
                    settings()
                            .with("uri", "redis-cluster://" + hosts)
                            .with("connect-timeout", 3_000);
            try (TestNode node =
                    new TestNode(settings.create(new RedisStreamsBackendFactory()), "main")) {
                node.publish("1");
                node.await("1");
            }
        }
    }

    @Test
    void onePartitionTakesEventsForManyChannels() {
        MapSettings settings =
                settings().with("key-prefix", "single").with("cluster-partitions", 1);
        try (TestNode node =
                new TestNode(settings.create(new RedisStreamsBackendFactory()), "main")) {
            Set<String> many = Set.of("main", "a", "b", "c");
            get(node.backend.publish(List.of(new Publication(1, new byte[] {'x'}, many))));
            node.await("x");
        }
    }

    @Test
    void keepsHistoryAndDeletesItOnEveryMaster() {
        ChannelsBackend backend =
                settings().with("key-prefix", "deleted").create(new RedisStreamsBackendFactory());
        try (TestNode node = new TestNode(backend, "main")) {
            Set<String> many =
                    IntStream.range(0, 100).mapToObj(i -> "many-" + i).collect(Collectors.toSet());
            get(backend.publish(List.of(new Publication(1, new byte[] {'x'}, many))));
            node.publish("1");
            for (String channel : many) {
                assertThat(get(backend.history().orElseThrow().last(channel, -1)).events())
                        .hasSize(1);
            }
            assertThat(cluster.nodes())
                    .allSatisfy(master -> assertThat(streams(master)).isNotEmpty());
            assertThat(get(RedisStreamsBackend.deleteStreams(cluster.uri(), "deleted")))
                    .isEqualTo(101);
            assertThat(cluster.nodes()).allSatisfy(master -> assertThat(streams(master)).isEmpty());
        }
    }

    private static List<String> streams(RedisBroker master) {
        return master.admin(redis -> redis.keys("deleted/*/stream/*"));
    }

    /** As when a node has left the cluster, or crashes, and has answered before it broadcasts. */
    @Test
    void whatOneNodeDoesNotHandOnToTheOtherIsAGapToItsSubscribers() {
        RedisBroker from = cluster.node(0);
        RedisBroker to = cluster.node(1);
        assumeFalse(
                from.admin(redis -> redis.info("server")).contains("valkey_version"),
                "Valkey does not take back what it was told to forget");
        try (TestNode publishing = onlyAt(from);
                TestNode listening = onlyAt(to)) {
            publishing.publish("1", "2");
            listening.await("1", "2");
            String id = to.admin(RedisCommands::clusterMyId);
            from.admin(redis -> redis.clusterForget(id));
            publishing.publish("lost");
            publishing.await("1", "2", "lost");
            from.admin(redis -> redis.clusterMeet("127.0.0.1", to.port()));
            cluster.awaitSettled();
            publishing.publish("3", "4");
            listening.await("1", "2", "3", "4");
            assertThat(listening.ledger.gaps()).isEqualTo(1);
            assertThat(publishing.ledger.gaps()).isZero();
            assertThat(listening.ledger.disconnections()).isZero();
        }
    }

    private static TestNode onlyAt(RedisBroker member) {
        return new TestNode(member.settings().create(new RedisPubSubBackendFactory()), "main");
    }

    @ParameterizedTest
    @MethodSource("factories")
    void whoIsThereIsKnownOnEveryMasterAndAfterARestartOfOne(BackendFactory factory) {
        MapSettings settings = settings().with("key-prefix", "present");
        try (PresentNodes nodes = new PresentNodes(() -> settings.create(factory))) {
            nodes.enter("first");
            nodes.awaitAllThere();
            RedisBroker master = cluster.node(0);
            master.kill();
            awaitUntil(() -> !master.isActive());
            nodes.enter("second");
            master.start();
            nodes.awaitAllThere();
            nodes.stopTwo();
            nodes.awaitAllThere();
        }
        cluster.awaitSettled();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void eachMasterKilledAndRestarted(BackendFactory factory) {
        boolean streams = factory instanceof RedisStreamsBackendFactory;
        try (NodesUnderLoad nodes =
                new NodesUnderLoad(
                        streams ? Signal.GAP : Signal.OUTAGE,
                        List.of(settings().create(factory), settings().create(factory)))) {
            for (RedisBroker master : cluster.nodes()) {
                nodes.awaitFlow(150);
                nodes.awaitCalm();
                cluster.awaitSettled();
                master.kill();
                awaitUntil(() -> !master.isActive());
                master.start();
            }
            cluster.awaitSettled();
            nodes.awaitFlow(150);
            for (Verdict verdict : Verdicts.end("cluster " + factory.name(), nodes)) {
                if (streams) {
                    // A node can hand a message on to others before it has written to its disk
                    // what it tells of, and before it answers. Killed in between, it has forgotten
                    // the event, which its publisher repeats. Nothing else comes twice.
                    assertThat(verdict.lost() + verdict.outOfOrder() + verdict.gaps())
                            .as(verdict.toString())
                            .isZero();
                    assertThat(verdict.unrepeated()).as(verdict.toString()).isZero();
                } else {
                    // What the killed master had confirmed, but not handed on to the others, is
                    // lost, and a gap to nodes that have no connection to it, and so no outage.
                    assertThat(verdict.isOrderly()).as(verdict.toString()).isTrue();
                }
            }
        }
    }
}
