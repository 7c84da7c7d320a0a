package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.it.app.RestApplication;
import dev.channels.it.once.OnceObserver;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.Libraries;
import dev.channels.testkit.OnWildFlyAlone;
import dev.channels.testkit.Wars;
import java.io.File;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two applications on one server share a broker, as two nodes of a cluster would. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class TwoNodesIT {

    private static final RedisBroker REDIS = new RedisBroker();
    private static final PostgresqlBroker POSTGRESQL = new PostgresqlBroker();
    private static final int EVENTS = 200;
    private static final Duration LONG = Duration.ofSeconds(30);

    @ArquillianResource private URI base;
    @ArquillianResource private Deployer deployer;

    @AfterAll
    static void stopBrokers() {
        REDIS.close();
        POSTGRESQL.close();
    }

    @Deployment(testable = false)
    static WebArchive base() {
        return Wars.withoutLibrary("base");
    }

    @Deployment(name = "redis-pubsub-a", managed = false, testable = false)
    static WebArchive pubsubA() {
        return redis("redis-pubsub", "a");
    }

    @Deployment(name = "redis-pubsub-b", managed = false, testable = false)
    static WebArchive pubsubB() {
        return redis("redis-pubsub", "b");
    }

    @Deployment(name = "redis-streams-a", managed = false, testable = false)
    static WebArchive streamsA() {
        return redis("redis-streams", "a");
    }

    @Deployment(name = "redis-streams-b", managed = false, testable = false)
    static WebArchive streamsB() {
        return redis("redis-streams", "b");
    }

    @Deployment(name = "postgresql-a", managed = false, testable = false)
    static WebArchive postgresqlA() {
        return postgresql("a");
    }

    @Deployment(name = "postgresql-b", managed = false, testable = false)
    static WebArchive postgresqlB() {
        return postgresql("b");
    }

    private static WebArchive redis(String backend, String node) {
        String uri = "channels." + backend + ".uri=redis://127.0.0.1:" + REDIS.port();
        return war(backend, node, Libraries.lettuce(), uri);
    }

    private static WebArchive postgresql(String node) {
        return war(
                "postgresql",
                node,
                Libraries.pgjdbc(),
                "channels.postgresql.url=" + POSTGRESQL.url());
    }

    private static WebArchive war(String backend, String node, File[] libraries, String broker) {
        WebArchive war =
                Wars.war(
                                backend + "-" + node,
                                "channels.backend=" + backend,
                                broker,
                                "channels.names=startup,timer,news,once",
                                "channels.create-ws-route-handlers=true",
                                "channels.ws-handler-base-path=/ws",
                                "channels.ws-handler-send-history=-1",
                                "channels.shutdown-timeout=3s",
                                "channels.postgresql.user=postgres")
                        .addAsLibraries(libraries)
                        .addPackage(RestApplication.class.getPackage());
        return backend.equals("redis-pubsub")
                ? war
                : war.addPackage(OnceObserver.class.getPackage());
    }

    private URI node(String name) {
        return base.resolve("/" + name + "/");
    }

    @OnWildFlyAlone
    @ParameterizedTest
    @ValueSource(strings = {"redis-pubsub", "redis-streams", "postgresql"})
    void clientOfOneSeesWhatTheOtherPublishes(String backend) throws Exception {
        URI a = node(backend + "-a");
        URI b = node(backend + "-b");
        deployer.deploy(backend + "-a");
        deployer.deploy(backend + "-b");
        try (Client client = Client.connect(b, "ws/news");
                Client neighbour = Client.connect(a, "ws/news")) {
            awaitSubscribed(a, client, neighbour);
            for (int i = 0; i < EVENTS; i++) {
                Http.post(a, "servlet", "news\nevent " + i);
            }
            List<String> expected = IntStream.range(0, EVENTS).mapToObj(i -> "event " + i).toList();
            await().atMost(LONG).until(() -> events(client).size() == EVENTS);
            await().atMost(LONG).until(() -> events(neighbour).size() == EVENTS);
            assertThat(events(client)).isEqualTo(expected);
            assertThat(events(neighbour)).isEqualTo(expected);
        } finally {
            deployer.undeploy(backend + "-b");
            deployer.undeploy(backend + "-a");
        }
    }

    @OnWildFlyAlone
    @ParameterizedTest
    @ValueSource(strings = {"redis-streams", "postgresql"})
    void oneNodeCallsAnObserverAndTheOtherGoesOnWhenItIsUndeployed(String backend)
            throws Exception {
        URI a = node(backend + "-a");
        URI b = node(backend + "-b");
        deployer.deploy(backend + "-a");
        deployer.deploy(backend + "-b");
        String left = null;
        try {
            awaitObserved(a, b);
            List<String> first = publishOnce(a, "first");
            await().atMost(LONG).untilAsserted(() -> assertHandled(first, a, b));
            String last = first.get(first.size() - 1);
            URI holder = seen(a, "first").contains(last) ? a : b;
            URI other = holder == a ? b : a;
            List<String> before = seen(other, "first");
            deployer.undeploy(holder == a ? backend + "-a" : backend + "-b");
            left = other == a ? backend + "-a" : backend + "-b";
            List<String> second = publishOnce(other, "second");
            await().atMost(LONG).untilAsserted(() -> assertHandled(second, other));
            // All but the one that was at work were known to be done with.
            List<String> again = seen(other, "first");
            assertThat(again.subList(before.size(), again.size())).isSubsetOf(last);
        } finally {
            if (left == null) {
                deployer.undeploy(backend + "-b");
                deployer.undeploy(backend + "-a");
            } else {
                deployer.undeploy(left);
            }
        }
    }

    /**
     * Each event has been handled on one of the nodes, at least; as long as a node has the lease,
     * in the order of the channel.
     */
    private static void assertHandled(List<String> published, URI... nodes) throws Exception {
        String name = published.get(0).split(" ")[0];
        List<String> handled = new ArrayList<>();
        for (URI node : nodes) {
            List<String> seen = seen(node, name);
            assertThat(seen.stream().map(published::indexOf)).isSorted();
            handled.addAll(seen);
        }
        assertThat(handled).containsAll(published);
    }

    private static List<String> publishOnce(URI node, String name) throws Exception {
        List<String> events = IntStream.range(0, 20).mapToObj(i -> name + " " + i).toList();
        for (String event : events) {
            Http.post(node, "servlet", "once\n" + event);
        }
        return events;
    }

    /** Publishes until one of the nodes calls its observer, which begins with what comes then. */
    private static void awaitObserved(URI a, URI b) {
        await().atMost(LONG)
                .until(
                        () -> {
                            Http.post(a, "servlet", "once\nhello");
                            return !seen(a, "hello").isEmpty() || !seen(b, "hello").isEmpty();
                        });
    }

    private static List<String> seen(URI node, String name) throws Exception {
        return Http.get(node, "once").body().lines().filter(it -> it.startsWith(name)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-pubsub", "redis-streams", "postgresql"})
    void undeployEndsWhileTheBrokerIsAway(String backend) throws Exception {
        URI a = node(backend + "-a");
        deployer.deploy(backend + "-a");
        try (Client client = Client.connect(a, "ws/news")) {
            awaitSubscribed(a, client);
            stopBroker(backend);
            Http.post(a, "servlet?unawaited", "news\nfor nobody");
            assertTimeout(Duration.ofSeconds(25), () -> deployer.undeploy(backend + "-a"));
            assertThat(client.awaitClose()).isEqualTo(1001);
        } finally {
            startBroker(backend);
        }
    }

    private static void stopBroker(String backend) {
        if (backend.equals("postgresql")) {
            POSTGRESQL.stop();
        } else {
            REDIS.kill();
        }
    }

    private static void startBroker(String backend) {
        if (backend.equals("postgresql")) {
            POSTGRESQL.start();
        } else {
            REDIS.start();
        }
    }

    /** Publishes until every client has received something: its subscription is in force then. */
    private static void awaitSubscribed(URI publisher, Client... clients) {
        await().atMost(LONG)
                .until(
                        () -> {
                            Http.post(publisher, "servlet", "news\nhello");
                            return Stream.of(clients).allMatch(client -> client.count() > 0);
                        });
    }

    private static List<String> events(Client client) {
        return client.texts().stream().filter(text -> text.startsWith("event ")).toList();
    }
}
