package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static dev.channels.backend.redis.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelsBackend;
import dev.channels.testkit.EventLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sentinel and Redis Cluster that speak TLS themselves, with clients and among them. Both tell of
 * their members by address, for which the certificate must be made out, too.
 */
final class RedisTlsTopologiesMatrix {

    @TempDir private static Path directory;
    private static TestCertificate certificate;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeAll
    static void makeCertificate() {
        certificate = new TestCertificate(directory, "dns:localhost,ip:127.0.0.1");
    }

    @AfterEach
    void trustAsUsual() {
        TestCertificate.trustAsUsual();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void sentinelLeadsToTheReplicaAfterAFailOver(BackendFactory factory) {
        certificate.trust();
        try (RedisSentinels sentinels = new RedisSentinels(certificate);
                TestNode node = new TestNode(backend(factory, uri(sentinels)), "c")) {
            node.publish("1");
            node.await("1");
            sentinels.master().kill();
            awaitUntil(() -> node.ledger.connections() > 0);
            awaitUntil(() -> node.ledger.connections() == node.ledger.disconnections());
            node.publish("2");
            node.await("1", "2");
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void sentinelWithAnUnknownCertificateIsRefused(BackendFactory factory) {
        try (RedisSentinels sentinels = new RedisSentinels(certificate)) {
            assertStartFails(backend(factory, uri(sentinels)));
        }
    }

    private static String uri(RedisSentinels sentinels) {
        return "rediss-sentinel://" + sentinels.address() + RedisSentinels.path();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void clusterServesNodesThatHearEachOther(BackendFactory factory) {
        certificate.trust();
        try (RedisCluster cluster = cluster();
                TestNode one = new TestNode(backend(factory, uri(cluster)), "c");
                TestNode two = new TestNode(backend(factory, uri(cluster)), "c")) {
            one.publish("1");
            one.await("1");
            two.await("1");
            cluster.nodes().forEach(RedisBroker::killClients);
            for (TestNode node : new TestNode[] {one, two}) {
                awaitUntil(() -> node.ledger.connections() > 0);
                awaitUntil(() -> node.ledger.connections() == node.ledger.disconnections());
            }
            two.publish("2");
            one.await("1", "2");
            two.await("1", "2");
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void clusterWithAnUnknownCertificateIsRefused(BackendFactory factory) {
        try (RedisCluster cluster = cluster()) {
            assertStartFails(backend(factory, uri(cluster)));
        }
    }

    private static RedisCluster cluster() {
        return new RedisCluster(
                3,
                0,
                () ->
                        new RedisBroker(
                                certificate, "cluster-enabled yes", "cluster-node-timeout 1000"));
    }

    private static String uri(RedisCluster cluster) {
        return "rediss-cluster://" + cluster.hosts();
    }

    private static ChannelsBackend backend(BackendFactory factory, String uri) {
        return new MapSettings()
                .with("uri", uri)
                .with("heartbeat", 300)
                .with("command-timeout", 2_000)
                .with("reconnect-max-delay", 500)
                .create(factory);
    }

    private static void assertStartFails(ChannelsBackend backend) {
        assertThat(backend.start(new EventLedger("none")).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(BrokerUnavailableException.class);
        get(backend.stop());
    }
}
