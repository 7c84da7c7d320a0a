package dev.channels.bench.broker;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Start;
import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.testkit.PluginNodes;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * All clients of a node come back at once, each behind by the same events, while nobody follows the
 * channel: how many reads of the history that takes, how much memory, and how long.
 */
final class StormBench {

    private static final int CLIENTS = 2_000;
    private static final int EVENTS = 1_000;
    private static final int BYTES = 1_024;

    private final ExecutorService executor =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors() + 1);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);

    @Test
    void memory() throws Exception {
        storm("memory", Map.of("history", "2000"));
    }

    @Test
    void redisStreams() throws Exception {
        try (RedisBroker broker = new RedisBroker()) {
            storm(
                    "redis-streams",
                    Map.of("uri", "redis://127.0.0.1:" + broker.port(), "history", "2000"));
        }
    }

    @Test
    void postgresql() throws Exception {
        try (PostgresqlBroker broker = new PostgresqlBroker()) {
            storm(
                    "postgresql",
                    Map.of(
                            "url",
                            broker.url(),
                            "user",
                            "postgres",
                            "password",
                            "",
                            "history",
                            "2000"));
        }
    }

    private void storm(String backend, Map<String, String> settings) throws Exception {
        CountedReads counted =
                new CountedReads(PluginNodes.backend(backend, settings, executor, scheduler));
        ChannelsNode node = PluginNodes.start(counted, executor, scheduler);
        for (int i = 0; i < EVENTS; i++) {
            node.waitPublished(new byte[BYTES], "storm").toCompletableFuture().join();
        }
        System.gc();
        long before = usedHeap();
        AtomicLong peak = new AtomicLong(before);
        scheduler.scheduleWithFixedDelay(
                () -> peak.accumulateAndGet(usedHeap(), Math::max), 0, 5, TimeUnit.MILLISECONDS);
        CountDownLatch live = new CountDownLatch(CLIENTS);
        int reads = counted.reads.get();
        long start = System.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            node.startSubscription(List.of("storm"), Start.last(EVENTS), new Client(live));
        }
        boolean all = live.await(5, TimeUnit.MINUTES);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "| %s | %d of %d live | %d reads | %.0f MiB of heap above %.0f | %.2f s |%n",
                backend,
                CLIENTS - live.getCount(),
                CLIENTS,
                counted.reads.get() - reads,
                (peak.get() - before) / 1048576.0,
                before / 1048576.0,
                seconds);
        node.stop();
        executor.shutdownNow();
        scheduler.shutdownNow();
        if (!all) {
            throw new AssertionError("Not all clients are live");
        }
    }

    private static long usedHeap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Takes its events one by one. */
    private static final class Client implements EventSender {
        private final CountDownLatch live;
        private int events;

        Client(CountDownLatch live) {
            this.live = live;
        }

        @Override
        public void send(Delivery delivery, Completion completion) {
            if (delivery instanceof ChannelEvent && ++events == EVENTS) {
                live.countDown();
            }
            completion.sent();
        }
    }
}
