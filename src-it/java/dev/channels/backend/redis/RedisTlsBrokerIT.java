package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static dev.channels.backend.redis.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelsBackend;
import dev.channels.testkit.EventLedger;
import dev.channels.testkit.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Redis behind TLS that ends at a proxy, with a certificate for {@code localhost}. */
final class RedisTlsBrokerIT {

    @TempDir private static Path directory;
    private static TestCertificate certificate;
    private static RedisBroker broker;
    private static TcpProxy proxy;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new RedisBroker();
        certificate = new TestCertificate(directory, "dns:localhost");
        proxy = new TcpProxy(broker.port(), certificate.context().getServerSocketFactory());
    }

    @AfterAll
    static void stopBroker() {
        proxy.close();
        broker.close();
    }

    @AfterEach
    void trustAsUsual() {
        TestCertificate.trustAsUsual();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void trustsWhatTheJvmTrusts(BackendFactory factory) {
        certificate.trust();
        try (TestNode node = new TestNode(backend(factory, "localhost"), "c")) {
            node.publish("1");
            node.await("1");
            proxy.closeConnections();
            awaitUntil(() -> node.ledger.connections() == 1);
            node.publish("2");
            node.await("1", "2");
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void refusesAnUnknownCertificate(BackendFactory factory) {
        assertStartFails(backend(factory, "localhost"), "unable to find valid certification path");
    }

    @ParameterizedTest
    @MethodSource("factories")
    void refusesACertificateForAnotherHost(BackendFactory factory) {
        certificate.trust();
        assertStartFails(backend(factory, "127.0.0.1"), "No subject alternative names matching");
    }

    private static ChannelsBackend backend(BackendFactory factory, String host) {
        return new MapSettings()
                .with("uri", "rediss://" + host + ":" + proxy.port())
                .with("reconnect-max-delay", 300)
                .create(factory);
    }

    private static void assertStartFails(ChannelsBackend backend, String reason) {
        assertThat(backend.start(new EventLedger("none")).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(BrokerUnavailableException.class)
                .withMessageContaining(reason);
        get(backend.stop());
    }
}
