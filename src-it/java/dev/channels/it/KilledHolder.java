package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.it.app.RestApplication;
import dev.channels.it.once.OnceObserver;
import dev.channels.testkit.Http;
import dev.channels.testkit.Libraries;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two servers share a broker, and the process of the one that calls an observer with {@code once}
 * is killed in the middle of a call.
 */
@EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly")
class KilledHolder {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path servers = Path.of(System.getProperty("servers.directory")).toAbsolutePath();
    private final Path directory = servers.resolveSibling("killed-holder");

    /** One of the servers. */
    private static final class Node implements AutoCloseable {
        private final NodeProcess process;
        private final URI application;

        Node(Path home, Path base, WebArchive war) throws IOException {
            process = new NodeProcess(home, base, war);
            application = process.application();
        }

        void awaitStarted() {
            process.awaitStarted("once");
        }

        void publish(List<String> events) throws Exception {
            for (String event : events) {
                assertThat(Http.post(application, "servlet", "once\n" + event).statusCode())
                        .isEqualTo(200);
            }
        }

        /** Returns what its observer was called with since the first greeting. */
        List<String> seen() throws Exception {
            return Http.get(application, "once")
                    .body()
                    .lines()
                    .filter(it -> !it.equals("hello"))
                    .toList();
        }

        boolean isCalled() throws Exception {
            return Http.get(application, "once").body().contains("hello");
        }

        /** Has the next call of its observer not end. */
        void hold() throws Exception {
            Http.post(application, "once", "");
        }

        void kill() throws InterruptedException {
            process.kill();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @Test
    void theOtherNodeGoesOnWithTheEventAtWorkOnRedis() throws Exception {
        try (RedisBroker redis = new RedisBroker()) {
            assertTheOtherNodeGoesOn(
                    "redis-streams",
                    war(
                                    "channels.backend=redis-streams",
                                    "channels.redis-streams.uri=redis://127.0.0.1:" + redis.port())
                            .addAsLibraries(Libraries.lettuce()));
        }
    }

    @Test
    void theOtherNodeGoesOnWithTheEventAtWorkOnPostgresql() throws Exception {
        try (PostgresqlBroker postgresql = new PostgresqlBroker()) {
            assertTheOtherNodeGoesOn(
                    "postgresql",
                    war(
                                    "channels.backend=postgresql",
                                    "channels.postgresql.user=postgres",
                                    "channels.postgresql.url=" + postgresql.url())
                            .addAsLibraries(Libraries.pgjdbc()));
        }
    }

    private static WebArchive war(String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("channels.names=startup,timer,once");
        return Wars.war("once", all.toArray(String[]::new))
                .addPackage(RestApplication.class.getPackage())
                .addPackage(OnceObserver.class.getPackage());
    }

    private void assertTheOtherNodeGoesOn(String backend, WebArchive war) throws Exception {
        Path home = servers.resolve("wildfly");
        Path logs = directory.resolve(backend);
        Files.createDirectories(logs);
        try (Node a = new Node(home, logs.resolve("a"), war);
                Node b = new Node(home, logs.resolve("b"), war)) {
            a.awaitStarted();
            b.awaitStarted();
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                a.publish(List.of("hello"));
                                return a.isCalled() || b.isCalled();
                            });
            Node holder = a.isCalled() ? a : b;
            Node other = holder == a ? b : a;
            List<String> done = named("done");
            other.publish(done);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(holder.seen()).isEqualTo(done));

            holder.hold();
            List<String> left = named("left");
            other.publish(left);
            await().atMost(PATIENCE).until(() -> holder.seen().contains(left.get(0)));
            assertThat(holder.seen()).doesNotContain(left.get(1));
            assertThat(other.seen()).isEmpty();
            holder.kill();

            await().atMost(PATIENCE).until(() -> other.seen().contains(left.get(left.size() - 1)));
            assertThat(other.seen()).isEqualTo(left);
        }
    }

    private static List<String> named(String name) {
        return IntStream.range(0, 20).mapToObj(i -> name + " " + i).toList();
    }
}
