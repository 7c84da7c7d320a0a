package dev.channels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsListener;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Joined;
import dev.channels.Start;
import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.testkit.PluginNodes;
import dev.channels.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Who comes while the broker is away, or in the moment in which it is back, is neither closed nor
 * refused: he waits, and gets his history and what follows.
 */
final class ClientsInAnOutageBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = 40;

    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final AtomicInteger disconnected = new AtomicInteger();
    private final AtomicInteger reconnected = new AtomicInteger();
    private @Nullable ChannelsNode node;

    /** Writes down the texts of its events. */
    private static final class Client implements EventSender {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private volatile boolean joined;
        private volatile boolean ended;

        @Override
        public void send(Delivery delivery, Completion completion) {
            if (delivery instanceof ChannelEvent event) {
                texts.add(event.text());
            } else if (delivery instanceof Joined) {
                joined = true;
            }
            completion.sent();
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            ended = true;
        }
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.stop();
        }
        executor.shutdownNow();
        scheduler.shutdownNow();
    }

    @Test
    void redisStreams() {
        try (RedisBroker broker = new RedisBroker();
                TcpProxy proxy = new TcpProxy(broker.port())) {
            nobodyIsClosed("redis-streams", redis(proxy, "history", "100"), proxy, true);
        }
    }

    @Test
    void redisPubSub() {
        try (RedisBroker broker = new RedisBroker();
                TcpProxy proxy = new TcpProxy(broker.port())) {
            nobodyIsClosed("redis-pubsub", redis(proxy), proxy, false);
        }
    }

    private static Map<String, String> redis(TcpProxy proxy, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("uri", "redis://127.0.0.1:" + proxy.port());
        settings.put("command-timeout", "1s");
        settings.put("heartbeat", "500ms");
        settings.put("reconnect-max-delay", "500ms");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    @Test
    void postgresql() {
        try (PostgresqlBroker broker = new PostgresqlBroker();
                TcpProxy proxy = new TcpProxy(broker.port())) {
            Map<String, String> settings =
                    Map.of(
                            "url", broker.url(proxy.port()),
                            "user", "postgres",
                            "password", "",
                            "history", "100");
            nobodyIsClosed("postgresql", settings, proxy, true);
        }
    }

    private void nobodyIsClosed(
            String backend, Map<String, String> settings, TcpProxy proxy, boolean keepsHistory) {
        ChannelsNode plugin = start(backend, settings);
        Client first = join(plugin, "a");
        await().atMost(PATIENCE).until(() -> first.joined);
        for (String text : List.of("1", "2", "3")) {
            plugin.waitPublished(text, "a").toCompletableFuture().join();
        }
        await().atMost(PATIENCE).until(() -> first.texts.size() == 3);

        proxy.cut();
        await().atMost(PATIENCE).until(() -> disconnected.get() == 1);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(join(plugin, "a"));
            clients.add(join(plugin, "b" + i));
        }
        proxy.restore();
        // In the moment of the return, whenever that is.
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> {
                            clients.add(join(plugin, "a"));
                            return reconnected.get() == 1;
                        });
        await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.joined));
        plugin.waitPublished("4", "a").toCompletableFuture().join();
        List<String> all = keepsHistory ? List.of("1", "2", "3", "4") : List.of("4");
        await().atMost(PATIENCE)
                .until(
                        () ->
                                clients.stream().filter(it -> it.texts.equals(all)).count()
                                        == clients.size() - CLIENTS);
        assertThat(clients).noneMatch(client -> client.ended);
        assertThat(first.ended).isFalse();
        assertThat(first.texts).containsExactly("1", "2", "3", "4");
    }

    private static Client join(ChannelsNode plugin, String channel) {
        Client client = new Client();
        plugin.startSubscription(List.of(channel), Start.last(10), client);
        return client;
    }

    private ChannelsNode start(String backend, Map<String, String> settings) {
        ChannelsNode started =
                PluginNodes.start(
                        PluginNodes.backend(backend, settings, executor, scheduler),
                        executor,
                        scheduler);
        node = started;
        started.addListener(
                new ChannelsListener() {
                    @Override
                    public void disconnected(@Nullable Throwable cause) {
                        disconnected.incrementAndGet();
                    }

                    @Override
                    public void reconnected() {
                        reconnected.incrementAndGet();
                    }
                });
        return started;
    }
}
