package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.it.app.RestApplication;
import dev.channels.it.clients.ConnectionsServlet;
import dev.channels.testkit.Http;
import dev.channels.testkit.Libraries;
import dev.channels.testkit.OnWildFlyAlone;
import dev.channels.testkit.RecoveringClient;
import dev.channels.testkit.Wars;
import java.io.File;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients are cut at random while numbered events flow, go on at whichever of two nodes is there,
 * and miss nothing; meanwhile the broker is killed, and a node is undeployed and deployed again.
 *
 * <p>It is about the brokers, so one server is enough.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
@OnWildFlyAlone
class RecoveryIT {

    private static final RedisBroker REDIS = new RedisBroker();
    private static final PostgresqlBroker POSTGRESQL = new PostgresqlBroker();
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final List<String> CHANNELS = List.of("one", "two");
    private static final int CLIENTS = 20;
    private static final int EVENTS = 400;
    private static final int ROUNDS = Integer.getInteger("recovery.rounds", 1);

    /** In so many rounds one node is undeployed once: that takes as long as all the rest. */
    private static final int ROUNDS_TO_AN_UNDEPLOY = 5;

    @ArquillianResource private URI base;
    @ArquillianResource private Deployer deployer;

    private final List<RecoveringClient> clients = new ArrayList<>();

    @AfterAll
    static void stopBrokers() {
        REDIS.close();
        POSTGRESQL.close();
    }

    @Deployment(testable = false)
    static WebArchive base() {
        return Wars.withoutLibrary("recovery");
    }

    @Deployment(name = "memory-recovery", managed = false, testable = false)
    static WebArchive memory() {
        return war("memory", "recovery", new File[0], "channels.memory.history=5000");
    }

    @Deployment(name = "redis-streams-left", managed = false, testable = false)
    static WebArchive streamsLeft() {
        return redis("left");
    }

    @Deployment(name = "redis-streams-right", managed = false, testable = false)
    static WebArchive streamsRight() {
        return redis("right");
    }

    @Deployment(name = "postgresql-left", managed = false, testable = false)
    static WebArchive postgresqlLeft() {
        return postgresql("left");
    }

    @Deployment(name = "postgresql-right", managed = false, testable = false)
    static WebArchive postgresqlRight() {
        return postgresql("right");
    }

    private static WebArchive redis(String node) {
        return war(
                "redis-streams",
                node,
                Libraries.lettuce(),
                "channels.redis-streams.uri=redis://127.0.0.1:" + REDIS.port(),
                "channels.redis-streams.history=5000");
    }

    private static WebArchive postgresql(String node) {
        return war(
                "postgresql",
                node,
                Libraries.pgjdbc(),
                "channels.postgresql.url=" + POSTGRESQL.url(),
                "channels.postgresql.user=postgres",
                "channels.postgresql.history=5000");
    }

    private static WebArchive war(String backend, String node, File[] libraries, String... broker) {
        List<String> properties =
                new ArrayList<>(
                        List.of(
                                "channels.backend=" + backend,
                                "channels.names=startup,timer,one,two",
                                "channels.client-endpoint=true",
                                "channels.shutdown-timeout=3s"));
        properties.addAll(List.of(broker));
        return Wars.war(backend + "-" + node, properties.toArray(String[]::new))
                .addAsLibraries(libraries)
                .addPackage(RestApplication.class.getPackage())
                .addPackage(ConnectionsServlet.class.getPackage());
    }

    private URI node(String name) {
        return base.resolve("/" + name + "/");
    }

    @Test
    void nothingIsMissedByWhoComesBackToOneNode() throws Exception {
        deployer.deploy("memory-recovery");
        try {
            URI node = node("memory-recovery");
            connectAll(node, node);
            flow(node, List.of(node), 0, EVENTS, new Random(1));
            judge("memory");
        } finally {
            clients.forEach(RecoveringClient::close);
            deployer.undeploy("memory-recovery");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-streams", "postgresql"})
    void nothingIsMissedByWhoComesBackToAnyNode(String backend) throws Exception {
        long seed = System.nanoTime();
        System.out.println("RECOVERY seed " + seed);
        Random random = new Random(seed);
        String left = backend + "-left";
        String right = backend + "-right";
        deployer.deploy(left);
        deployer.deploy(right);
        try {
            for (int i = 0; i < ROUNDS; i++) {
                round(backend, i % ROUNDS_TO_AN_UNDEPLOY == 0, random);
            }
        } finally {
            deployer.undeploy(right);
            deployer.undeploy(left);
        }
    }

    private void round(String backend, boolean withUndeploy, Random random) throws Exception {
        String right = backend + "-right";
        List<URI> nodes = List.of(node(backend + "-left"), node(right));
        try {
            connectAll(nodes.get(0), nodes.get(1));
            int quarter = EVENTS / 4;
            flow(nodes.get(0), nodes, 0, quarter, random);
            reconnectAll(nodes.get(0));
            kill(backend);
            start(backend);
            flow(nodes.get(0), nodes, quarter, 2 * quarter, random);
            if (withUndeploy) {
                deployer.undeploy(right);
                // The clients of the node that is gone come back to the other.
                flow(nodes.get(0), nodes.subList(0, 1), 2 * quarter, 3 * quarter, random);
                deployer.deploy(right);
                flow(nodes.get(0), nodes, 3 * quarter, EVENTS, random);
            } else {
                flow(nodes.get(0), nodes, 2 * quarter, EVENTS, random);
            }
            judge(backend);
        } finally {
            clients.forEach(RecoveringClient::close);
            clients.clear();
        }
    }

    /** One node sends the clients of both away for a moment. */
    private void reconnectAll(URI node) throws Exception {
        Http.post(node, "connections?do=reconnect-everywhere", "");
        await().atMost(LONG).until(() -> clients.stream().allMatch(RecoveringClient::isCut));
    }

    private void connectAll(URI one, URI other) {
        for (int i = 0; i < CLIENTS; i++) {
            RecoveringClient client = new RecoveringClient(CHANNELS);
            clients.add(client);
            client.connect(i % 2 == 0 ? one : other);
        }
    }

    /**
     * Publishes numbers to both channels, and cuts clients, which come back at any of the nodes.
     */
    private void flow(URI publisher, List<URI> nodes, int from, int to, Random random)
            throws Exception {
        for (int i = from; i < to; i++) {
            for (String channel : CHANNELS) {
                Http.post(publisher, "servlet", channel + "\nn:" + i);
            }
            if (random.nextInt(3) == 0) {
                clients.get(random.nextInt(CLIENTS)).cut();
            }
            bringBack(nodes, random);
        }
        String last = "n:" + (to - 1);
        await().atMost(LONG)
                .until(
                        () -> {
                            bringBack(nodes, random);
                            return clients.stream()
                                    .allMatch(
                                            client ->
                                                    CHANNELS.stream()
                                                            .map(client::last)
                                                            .allMatch(last::equals));
                        });
    }

    private void bringBack(List<URI> nodes, Random random) {
        for (RecoveringClient client : clients) {
            if (client.isCut()) {
                client.connect(nodes.get(random.nextInt(nodes.size())));
            }
        }
    }

    private void judge(String backend) {
        List<String> expected = IntStream.range(0, EVENTS).mapToObj(i -> "n:" + i).toList();
        assertThat(clients)
                .allSatisfy(
                        client -> {
                            assertThat(client.wrong()).isEmpty();
                            assertThat(client.gaps()).isZero();
                            for (String channel : CHANNELS) {
                                assertThat(client.seen(channel))
                                        .endsWith(expected.get(EVENTS - 1))
                                        .isEqualTo(endOf(expected, client.seen(channel)));
                            }
                        });
        int comebacks = clients.stream().mapToInt(RecoveringClient::comebacks).sum() - CLIENTS;
        System.out.println(
                "RECOVERY "
                        + backend
                        + ": "
                        + CLIENTS
                        + " clients came back "
                        + comebacks
                        + " times, each got all events of "
                        + CHANNELS.size()
                        + " channels once, in order");
        assertThat(comebacks).isGreaterThan(EVENTS / 10);
    }

    /** A client that was not subscribed yet when the first events came sees the rest. */
    private static List<String> endOf(List<String> expected, List<String> seen) {
        int missed = expected.indexOf(seen.get(0));
        return expected.subList(Math.max(0, missed), expected.size());
    }

    private static void kill(String backend) {
        if (backend.equals("postgresql")) {
            POSTGRESQL.stop();
        } else {
            REDIS.kill();
        }
    }

    private static void start(String backend) {
        if (backend.equals("postgresql")) {
            POSTGRESQL.start();
        } else {
            REDIS.start();
        }
    }
}
