package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import java.util.List;
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

    private RedisCluster cluster;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeEach
    void startCluster() {
        cluster =
                new RedisCluster(
                        3,
                        3,
                        () ->
                                new RedisBroker(
                                        "cluster-enabled yes",
                                        "cluster-node-timeout 2000",
                                        "cluster-require-full-coverage no"));
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    private MapSettings settings() {
        return new MapSettings()
                .with("uri", cluster.uri())
                .with("heartbeat", 300)
                .with("command-timeout", 2_000)
                .with("reconnect-max-delay", 500);
    }

    /** Returns the node that has subscriptions, of which there must be one connection. */
    private RedisBroker subscribed() {
        List<RedisBroker> found =
                cluster.nodes().stream()
                        .filter(node -> !node.admin(r -> r.pubsubChannels("*")).isEmpty())
                        .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private RedisBroker another(RedisBroker than) {
        return cluster.nodes().stream().filter(node -> node != than).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void subscribesElsewhereWhenItsNodeHasLeftTheCluster(BackendFactory factory) {
        try (TestNode one = new TestNode(settings().create(factory), "main")) {
            RedisBroker left = subscribed();
            one.publish("1");
            one.await("1");
            // It may be a master: with it slots would leave that nobody else serves.
            cluster.moveSlots(left, another(left), () -> {});
            cluster.remove(left);
            awaitUntil(() -> one.ledger.disconnections() > 0);
            // Before others know that the node has left, a link can lead to it again.
            awaitUntil(() -> left.<List<String>>admin(r -> r.pubsubChannels("*")).isEmpty());
            awaitUntil(() -> one.ledger.connections() == one.ledger.disconnections());
            try (TestNode two = new TestNode(settings().create(factory), "other")) {
                two.backend.publish(two.batchTo("main", "2"));
                one.await("1", "2");
            }
        }
    }
}
