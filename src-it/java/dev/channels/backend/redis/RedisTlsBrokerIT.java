package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static dev.channels.backend.redis.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelsBackend;
import dev.channels.testkit.EventLedger;
import dev.channels.testkit.TcpProxy;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Redis behind TLS that ends at a proxy, with a certificate for {@code localhost}. */
final class RedisTlsBrokerIT {

    private static final String PASSWORD = "changeit";
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

    @TempDir private static Path directory;
    private static RedisBroker broker;
    private static TcpProxy proxy;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new RedisBroker();
        makeCertificate();
        proxy = new TcpProxy(broker.port(), context().getServerSocketFactory());
    }

    @AfterAll
    static void stopBroker() {
        proxy.close();
        broker.close();
    }

    @AfterEach
    void trustAsUsual() {
        System.clearProperty(TRUST_STORE);
        System.clearProperty(TRUST_STORE_PASSWORD);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void trustsWhatTheJvmTrusts(BackendFactory factory) {
        trustTheCertificate();
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
        trustTheCertificate();
        assertStartFails(backend(factory, "127.0.0.1"), "No subject alternative names matching");
    }

    private static void trustTheCertificate() {
        System.setProperty(TRUST_STORE, store().toString());
        System.setProperty(TRUST_STORE_PASSWORD, PASSWORD);
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

    /** Its own issuer, so the store it lies in is also the one that trusts it. */
    private static void makeCertificate() throws Exception {
        String[] command = {
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "redis",
            "-keyalg",
            "EC",
            "-dname",
            "CN=redis",
            "-ext",
            "SAN=dns:localhost",
            "-storetype",
            "PKCS12",
            "-keystore",
            store().toString(),
            "-storepass",
            PASSWORD
        };
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
    }

    private static Path store() {
        return directory.resolve("redis.p12");
    }

    private static SSLContext context() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
