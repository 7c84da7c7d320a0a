package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node of a cluster that still answers, and hands nothing on any more: it has left the cluster,
 * or cannot talk to the others. Three masters, the one with the lowest slots among them, and three
 * members without slots.
 */
final class RedisClusterProbeBrokerIT {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;

    private final List<RedisBroker> nodes = new ArrayList<>();

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeEach
    void startCluster() {
        for (int i = 0; i < 2 * MASTERS; i++) {
            nodes.add(
                    new RedisBroker(
                            "cluster-enabled yes",
                            "cluster-node-timeout 2000",
                            "cluster-require-full-coverage no"));
        }
        for (int i = 0; i < MASTERS; i++) {
            int[] slots = IntStream.range(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS).toArray();
            nodes.get(i).admin(redis -> redis.clusterAddSlots(slots));
        }
        for (RedisBroker node : nodes.subList(1, nodes.size())) {
            int port = nodes.get(0).port();
            node.admin(redis -> redis.clusterMeet("127.0.0.1", port));
        }
        awaitUntil(
                () ->
                        nodes.stream()
                                .map(node -> node.admin(RedisCommands::clusterInfo))
                                .allMatch(
                                        info ->
                                                info.contains("cluster_state:ok")
                                                        && info.contains(
                                                                "cluster_known_nodes:"
                                                                        + nodes.size())));
    }

    @AfterEach
    void stopCluster() {
        nodes.forEach(RedisBroker::close);
    }

    private MapSettings settings() {
        String uri =
                nodes.stream()
                        .map(node -> "127.0.0.1:" + node.port())
                        .collect(Collectors.joining(",", "redis-cluster://", ""));
        return new MapSettings()
                .with("uri", uri)
                .with("heartbeat", 300)
                .with("command-timeout", 2_000)
                .with("reconnect-max-delay", 500);
    }

    /** Returns the node that has subscriptions, of which there must be one connection. */
    private RedisBroker subscribed() {
        List<RedisBroker> found =
                nodes.stream()
                        .filter(node -> !node.admin(r -> r.pubsubChannels("*")).isEmpty())
                        .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** As {@code redis-cli --cluster del-node} does it, and on both sides. */
    private void isolate(RedisBroker alone) {
        String id = alone.admin(RedisCommands::clusterMyId);
        for (RedisBroker node : nodes) {
            if (node != alone) {
                String other = node.admin(RedisCommands::clusterMyId);
                node.admin(redis -> redis.clusterForget(id));
                alone.admin(redis -> redis.clusterForget(other));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void subscribesElsewhereWhenItsNodeHasLeftTheCluster(BackendFactory factory) {
        try (TestNode one = new TestNode(settings().create(factory), "main")) {
            RedisBroker left = subscribed();
            one.publish("1");
            one.await("1");
            isolate(left);
            awaitUntil(() -> one.ledger.disconnections() > 0);
            // Before others know that the node has left, a link can lead to it again.
            awaitUntil(() -> one.ledger.connections() == one.ledger.disconnections());
            assertThat(left.<List<String>>admin(redis -> redis.pubsubChannels("*"))).isEmpty();
            try (TestNode two = new TestNode(settings().create(factory), "other")) {
                two.backend.publish(two.batchTo("main", "2"));
                one.await("1", "2");
            }
        }
    }
}
