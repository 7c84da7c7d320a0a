package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Redis Cluster whose slots, masters and members change while events flow. */
final class RedisClusterChangesMatrix {

    private static final int MASTERS = 3;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    private static NodesUnderLoad load(RedisCluster cluster, BackendFactory factory) {
        MapSettings settings =
                new MapSettings()
                        .with("uri", cluster.uri())
                        .with("history", 100_000)
                        .with("heartbeat", 300)
                        .with("command-timeout", 2_000)
                        .with("reconnect-max-delay", 500);
        return new NodesUnderLoad(
                keepsEvents(factory) ? Signal.GAP : Signal.OUTAGE,
                List.of(settings.create(factory), settings.create(factory)));
    }

    private static boolean keepsEvents(BackendFactory factory) {
        return factory instanceof RedisStreamsBackendFactory;
    }

    private static int repeated(NodesUnderLoad nodes) {
        return nodes.nodes().stream().mapToInt(node -> node.load().repeated()).sum();
    }

    /** With redis-streams: nothing is lost. Without: what is lost is so in an outage or a gap. */
    private static void assertNothingIsLost(
            String change, BackendFactory factory, NodesUnderLoad nodes) {
        for (Verdict verdict : Verdicts.end(change + " " + factory.name(), nodes)) {
            if (keepsEvents(factory)) {
                assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
            } else {
                assertThat(verdict.isOrderly()).as(verdict.toString()).isTrue();
            }
        }
    }

    /**
     * All slots of the master with the most keys move to a new one, and it leaves the cluster. In
     * each slot with events there is a moment with some of their keys here and others there, when
     * Redis refuses the scripts that need both ({@code TRYAGAIN}).
     */
    @ParameterizedTest
    @MethodSource("factories")
    void aMasterMovesItsSlotsAndLeaves(BackendFactory factory) {
        try (RedisCluster cluster = new RedisCluster(MASTERS, 1, RedisCluster::member);
                NodesUnderLoad nodes = load(cluster, factory)) {
            nodes.awaitFlow(150);
            RedisBroker leaving =
                    cluster.nodes().subList(0, MASTERS).stream()
                            .max(Comparator.comparing(node -> node.admin(RedisCommands::dbsize)))
                            .orElseThrow();
            cluster.moveSlots(
                    leaving,
                    cluster.node(MASTERS),
                    () -> {
                        int before = repeated(nodes);
                        awaitUntil(() -> repeated(nodes) > before);
                    });
            nodes.awaitFlow(150);
            cluster.remove(leaving);
            nodes.awaitFlow(150);
            nodes.awaitCalm();
            nodes.awaitFlow(150);
            assertNothingIsLost("slots moved", factory, nodes);
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void replicasTakeOverByCommand(BackendFactory factory) {
        try (RedisCluster cluster = new RedisCluster(MASTERS, MASTERS, RedisCluster::member)) {
            replicate(cluster);
            try (NodesUnderLoad nodes = load(cluster, factory)) {
                for (int i = 0; i < MASTERS; i++) {
                    nodes.awaitFlow(150);
                    nodes.awaitCalm();
                    RedisBroker replica = cluster.node(MASTERS + i);
                    replica.admin(redis -> redis.clusterFailover(false));
                    awaitUntil(
                            () ->
                                    cluster.nodes().stream()
                                            .allMatch(node -> cluster.isMaster(replica, node)));
                }
                nodes.awaitFlow(150);
                nodes.awaitCalm();
                nodes.awaitFlow(150);
                assertNothingIsLost("fail-over by command", factory, nodes);
            }
        }
    }

    private static void replicate(RedisCluster cluster) {
        for (int i = 0; i < MASTERS; i++) {
            cluster.replicate(cluster.node(MASTERS + i), cluster.node(i));
        }
    }

    /** Replication is asynchronous: what the replica had not got is gone, in a gap. */
    @ParameterizedTest
    @MethodSource("factories")
    void aReplicaTakesOverFromAMasterThatWasKilled(BackendFactory factory) {
        try (RedisCluster cluster = new RedisCluster(MASTERS, MASTERS, RedisCluster::member)) {
            replicate(cluster);
            try (NodesUnderLoad nodes = load(cluster, factory)) {
                nodes.awaitFlow(150);
                nodes.awaitCalm();
                cluster.node(0).kill();
                RedisBroker replica = cluster.node(MASTERS);
                awaitUntil(() -> cluster.isMaster(replica, cluster.node(1)));
                nodes.awaitFlow(150);
                nodes.awaitCalm();
                nodes.awaitFlow(150);
                for (Verdict verdict : Verdicts.end("fail-over by kill " + factory.name(), nodes)) {
                    assertThat(verdict.outOfOrder()).as(verdict.toString()).isZero();
                    if (keepsEvents(factory)) {
                        assertThat(verdict.unsignalled()).as(verdict.toString()).isZero();
                        // What got no answer is published again, and nothing else.
                        assertThat(verdict.unrepeated()).as(verdict.toString()).isZero();
                        assertThat(verdict.lost()).as(verdict.toString()).isLessThan(2_000);
                    } else {
                        assertThat(verdict.isOrderly()).as(verdict.toString()).isTrue();
                    }
                }
            }
        }
    }
}
