package dev.channels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Joined;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.testkit.PluginNodes;
import dev.channels.testkit.TcpProxy;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes with users and clients on one broker: one of them is cut off, comes back, sees the
 * broker's data lost, and stops. Another is killed.
 */
final class PresenceBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LIFETIME = Duration.ofSeconds(3);
    private static final PresenceSettings KEPT = new PresenceSettings(channel -> true, LIFETIME);

    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final List<ChannelsNode> nodes = new ArrayList<>();

    /** What takes the data of a broker. */
    private interface Loss {
        void happen() throws Exception;
    }

    /** Writes down who comes and goes. */
    private static final class Watcher implements EventSender {
        private final List<String> seen = new CopyOnWriteArrayList<>();
        private volatile boolean joined;

        @Override
        public void send(Delivery delivery, Completion completion) {
            if (delivery instanceof Joined) {
                joined = true;
            }
            completion.sent();
        }

        @Override
        public void presenceChanged(PresenceChange change) {
            seen.add((change.entered() ? "+" : "-") + change.client().id());
        }

        void awaits(String... changes) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen).containsSubsequence(changes));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(ChannelsNode::stop);
        executor.shutdownNow();
        scheduler.shutdownNow();
    }

    @Test
    void redisStreams() throws Exception {
        redis("redis-streams");
    }

    @Test
    void redisPubSub() throws Exception {
        redis("redis-pubsub");
    }

    private void redis(String backend) throws Exception {
        try (RedisBroker broker = new RedisBroker();
                TcpProxy proxy = new TcpProxy(broker.port())) {
            String uri = "redis://127.0.0.1:" + broker.port();
            clientsComeAndGo(
                    start(backend, redisAt(proxy.port())),
                    start(backend, redisAt(broker.port())),
                    proxy,
                    () -> {
                        try (RedisClient client = RedisClient.create(uri)) {
                            client.connect().sync().flushall();
                        }
                    });
            aKilledProcessIsMissed(backend, redisAt(broker.port()));
        }
    }

    private static Map<String, String> redisAt(int port) {
        return Map.of(
                "uri", "redis://127.0.0.1:" + port,
                "command-timeout", "1s",
                "heartbeat", "500ms",
                "reconnect-max-delay", "500ms");
    }

    @Test
    void postgresql() throws Exception {
        try (PostgresqlBroker broker = new PostgresqlBroker();
                TcpProxy proxy = new TcpProxy(broker.port())) {
            clientsComeAndGo(
                    start("postgresql", postgresqlAt(broker.url(proxy.port()))),
                    start("postgresql", postgresqlAt(broker.url())),
                    proxy,
                    () -> broker.execute("TRUNCATE channels_client, channels_node"));
            aKilledProcessIsMissed("postgresql", postgresqlAt(broker.url()));
        }
    }

    private static Map<String, String> postgresqlAt(String url) {
        Map<String, String> settings = new HashMap<>();
        settings.put("url", url);
        settings.put("user", "postgres");
        settings.put("password", "");
        return settings;
    }

    private ChannelsNode start(String backend, Map<String, String> settings) {
        ChannelsNode node =
                PluginNodes.start(
                        PluginNodes.backend(backend, settings, executor, scheduler),
                        KEPT,
                        executor,
                        scheduler);
        nodes.add(node);
        return node;
    }

    /** Nothing of it can say good-bye: the kernel ends it. */
    private void aKilledProcessIsMissed(String backend, Map<String, String> settings)
            throws Exception {
        ChannelsNode node = nodes.get(1);
        Watcher watcher = new Watcher();
        Subscription mine = join(node, watcher);
        mine.enter("a", client("mine"));
        Process other = PresenceProcess.start(backend, settings, LIFETIME, client("other"));
        try {
            watcher.awaits("+other");
            other.destroyForcibly().waitFor();
            long killed = System.nanoTime();
            watcher.awaits("+other", "-other");
            System.out.printf(
                    "PRESENCE %s: clients of a killed process are missed after %d ms, by a bound"
                            + " of %d ms%n",
                    backend,
                    Duration.ofNanos(System.nanoTime() - killed).toMillis(),
                    LIFETIME.toMillis());
            awaitThere(node, "3", "mine");
        } finally {
            other.destroyForcibly();
        }
    }

    /** Joins, and waits until it is in force: who comes before that is no news. */
    private static Subscription join(ChannelsNode node, Watcher watcher) {
        Subscription subscription = beginToJoin(node, watcher);
        await().atMost(PATIENCE).until(() -> watcher.joined);
        return subscription;
    }

    private static Subscription beginToJoin(ChannelsNode node, Watcher watcher) {
        Subscription subscription = node.openSubscription(watcher);
        subscription.join(Start.now(), "a");
        return subscription;
    }

    private static PresentClient client(String id) {
        return new PresentClient(id, "user", null, null);
    }

    private static void awaitThere(ChannelsNode asked, String... ids) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(() -> there(asked).equals(Set.of(ids)));
    }

    private static Set<String> there(ChannelsNode asked) {
        return asked.presence("a").toCompletableFuture().join().stream()
                .map(PresentClient::id)
                .collect(Collectors.toSet());
    }

    /** What is published to a user on one node reaches him, and nobody else, on the other. */
    private static void usersHaveChannelsOfTheirOwn(ChannelsNode one, ChannelsNode two) {
        Subscriber alice = one.subscribe("#alice");
        Subscriber bob = one.subscribe("#bob");
        two.publishToUser("for alice", "alice");
        two.publishToUser("for bob", "bob");
        for (Subscriber user : List.of(alice, bob)) {
            ChannelEvent event = user.poll(PATIENCE);
            assertThat(event).isNotNull();
            assertThat(event.text()).isEqualTo("for " + event.channel().substring(1));
            assertThat(user.backlogSize()).isZero();
            one.unsubscribe(user);
        }
    }

    private static void clientsComeAndGo(
            ChannelsNode one, ChannelsNode two, TcpProxy ofOne, Loss loss) throws Exception {
        usersHaveChannelsOfTheirOwn(one, two);
        Watcher onOne = new Watcher();
        Watcher onTwo = new Watcher();
        Subscription first = join(one, onOne);
        Subscription second = join(one, new Watcher());
        Subscription third = join(two, onTwo);
        third.enter("a", client("3"));
        onOne.awaits("+3");
        first.enter("a", client("1"));
        second.enter("a", client("2"));
        onOne.awaits("+1", "+2");
        onTwo.awaits("+3", "+1", "+2");
        awaitThere(two, "1", "2", "3");
        awaitThere(one, "1", "2", "3");

        second.close();
        onTwo.awaits("+2", "-2");
        awaitThere(two, "1", "3");

        ofOne.cut();
        onTwo.awaits("-2", "-1");
        awaitThere(two, "3");
        Subscription meanwhile = beginToJoin(one, new Watcher());
        await().atMost(PATIENCE).until(() -> one.statistics().subscribers() == 2);
        ofOne.restore();
        awaitThere(two, "1", "3");
        meanwhile.enter("a", client("4"));
        onTwo.awaits("-1", "+1", "+4");
        awaitThere(two, "1", "3", "4");

        loss.happen();
        awaitThere(two, "1", "3", "4");
        awaitThere(one, "1", "3", "4");

        one.stop();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(onTwo.seen).contains("-4"));
        awaitThere(two, "3");
    }
}
