package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.it.app.RestApplication;
import dev.channels.testkit.Http;
import dev.channels.testkit.Libraries;
import dev.channels.testkit.RecoveringClient;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two servers share a broker. The process of one is killed while numbered events flow, and then
 * that of the other; the clients that hang on it come back to the one that is left, and go on where
 * they were.
 */
@EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly")
class KilledNode {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> CHANNELS = List.of("one", "two");
    private static final int CLIENTS = 50;

    /** So many for each node that is killed. */
    private static final int EVENTS = 1_000;

    private final Path servers = Path.of(System.getProperty("servers.directory")).toAbsolutePath();
    private final Path directory = servers.resolveSibling("killed-node");
    private final List<RecoveringClient> clients = new ArrayList<>();
    private final ExecutorService publisher = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        clients.forEach(RecoveringClient::close);
        publisher.shutdownNow();
    }

    @Test
    void nothingIsMissedByTheClientsOfANodeThatIsKilledOnRedis() throws Exception {
        try (RedisBroker redis = new RedisBroker()) {
            assertNothingIsMissed(
                    "redis-streams",
                    war(
                                    "channels.backend=redis-streams",
                                    "channels.redis-streams.history=5000",
                                    "channels.redis-streams.uri=redis://127.0.0.1:" + redis.port())
                            .addAsLibraries(Libraries.lettuce()));
        }
    }

    @Test
    void nothingIsMissedByTheClientsOfANodeThatIsKilledOnPostgresql() throws Exception {
        try (PostgresqlBroker postgresql = new PostgresqlBroker()) {
            assertNothingIsMissed(
                    "postgresql",
                    war(
                                    "channels.backend=postgresql",
                                    "channels.postgresql.history=5000",
                                    "channels.postgresql.user=postgres",
                                    "channels.postgresql.url=" + postgresql.url())
                            .addAsLibraries(Libraries.pgjdbc()));
        }
    }

    private static WebArchive war(String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("channels.names=startup,timer,one,two");
        all.add("channels.client-endpoint=true");
        return Wars.war("killed", all.toArray(String[]::new))
                .addPackage(RestApplication.class.getPackage());
    }

    private void assertNothingIsMissed(String backend, WebArchive war) throws Exception {
        Path home = servers.resolve("wildfly");
        Path logs = directory.resolve(backend);
        Files.createDirectories(logs);
        try (NodeProcess a = new NodeProcess(home, logs.resolve("a"), war);
                NodeProcess b = new NodeProcess(home, logs.resolve("b"), war)) {
            a.awaitStarted("servlet");
            b.awaitStarted("servlet");
            connectAll(a.application());
            killWhileEventsFlow(a, b, 0);
            try (NodeProcess again =
                    new NodeProcess(home, logs.resolve("a-again"), war).awaitStarted("servlet")) {
                killWhileEventsFlow(b, again, EVENTS);
            }
        }
        judge(backend);
    }

    private void connectAll(URI node) {
        for (int i = 0; i < CLIENTS; i++) {
            RecoveringClient client = new RecoveringClient(CHANNELS);
            clients.add(client);
            client.connect(node);
        }
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            publish(node, "hello");
                            return haveSeen("hello");
                        });
    }

    private static void publish(URI node, String event) throws Exception {
        for (String channel : CHANNELS) {
            assertThat(Http.post(node, "servlet", channel + "\n" + event).statusCode())
                    .isEqualTo(200);
        }
    }

    private boolean haveSeen(String event) {
        return clients.stream()
                .allMatch(client -> CHANNELS.stream().map(client::last).allMatch(event::equals));
    }

    /** All clients are at the node that is killed, in the middle of what the other publishes. */
    private void killWhileEventsFlow(NodeProcess killed, NodeProcess left, int from)
            throws Exception {
        assertThat(clients).noneMatch(RecoveringClient::isCut);
        URI node = left.application();
        Future<?> publishing =
                publisher.submit(
                        () -> {
                            for (int i = from; i < from + EVENTS; i++) {
                                publish(node, "n:" + i);
                            }
                            return null;
                        });
        RecoveringClient first = clients.get(0);
        int middle = first.seen("one").size() + EVENTS / 4;
        await().atMost(PATIENCE).until(() -> first.seen("one").size() > middle);
        killed.kill();
        assertThat(publishing.isDone()).as("All was published before the kill").isFalse();
        await().atMost(PATIENCE).until(() -> clients.stream().allMatch(RecoveringClient::isCut));
        bringBack(node);
        publishing.get();
        String last = "n:" + (from + EVENTS - 1);
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            bringBack(node);
                            return haveSeen(last);
                        });
    }

    private void bringBack(URI node) {
        clients.stream().filter(RecoveringClient::isCut).forEach(client -> client.connect(node));
    }

    private void judge(String backend) {
        int lost = 0;
        int twice = 0;
        List<String> published = IntStream.range(0, 2 * EVENTS).mapToObj(i -> "n:" + i).toList();
        for (RecoveringClient client : clients) {
            for (String channel : CHANNELS) {
                List<String> seen = new ArrayList<>(client.seen(channel));
                seen.removeIf("hello"::equals);
                lost += 2 * EVENTS - new HashSet<>(seen).size();
                twice += seen.size() - new HashSet<>(seen).size();
            }
        }
        System.out.printf(
                "KILLED NODE %s: two servers were killed under %d clients, which came back to the"
                        + " other; of %d events of %d channels each lost %d and got %d twice%n",
                backend, CLIENTS, 2 * EVENTS, CHANNELS.size(), lost, twice);
        assertThat(clients)
                .allSatisfy(
                        client -> {
                            assertThat(client.wrong()).isEmpty();
                            assertThat(client.gaps()).isZero();
                            assertThat(client.comebacks()).isGreaterThanOrEqualTo(3);
                            for (String channel : CHANNELS) {
                                assertThat(client.seen(channel))
                                        .filteredOn(event -> !event.equals("hello"))
                                        .isEqualTo(published);
                            }
                        });
    }
}
