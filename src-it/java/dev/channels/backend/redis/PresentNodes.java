package dev.channels.backend.redis;

import static org.awaitility.Awaitility.await;

import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.spi.ChannelsBackend;
import dev.channels.testkit.PluginNodes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Two nodes on one broker, both of which know who is there in some channels. */
final class PresentNodes implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> CHANNELS =
            IntStream.range(0, 30).mapToObj(i -> "room-" + i).toList();

    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final Set<String> there = new HashSet<>();
    private final ChannelsNode one;
    private final ChannelsNode two;

    PresentNodes(Supplier<ChannelsBackend> backends) {
        one = start(backends.get());
        two = start(backends.get());
    }

    private ChannelsNode start(ChannelsBackend backend) {
        PresenceSettings kept = new PresenceSettings(channel -> true, Duration.ofSeconds(3));
        return PluginNodes.start(backend, kept, executor, scheduler);
    }

    /** A client of each node comes to all channels. */
    void enter(String id) {
        enter(one, id + " of one");
        enter(two, id + " of two");
    }

    private void enter(ChannelsNode node, String id) {
        Subscription subscription =
                node.openSubscription(
                        new EventSender() {
                            @Override
                            public void send(Delivery delivery, Completion completion) {
                                completion.sent();
                            }
                        });
        subscription.join(Start.now(), CHANNELS);
        CHANNELS.forEach(
                channel -> subscription.enter(channel, new PresentClient(id, id, null, null)));
        there.add(id);
    }

    /** One of the nodes ends. */
    void stopTwo() {
        two.stop();
        there.removeIf(id -> id.endsWith("two"));
    }

    /** Waits until the first node knows of all channels that those are there, and nobody else. */
    void awaitAllThere() {
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(
                        e -> e instanceof CompletionException || e instanceof ChannelsException)
                .until(() -> CHANNELS.stream().allMatch(this::isKnown));
    }

    private boolean isKnown(String channel) {
        Set<String> known = new HashSet<>();
        one.presence(channel).toCompletableFuture().join().forEach(it -> known.add(it.id()));
        return known.equals(there)
                && one.presenceStatistics(channel)
                        .toCompletableFuture()
                        .join()
                        .equals(new PresenceStatistics(there.size(), there.size()));
    }

    @Override
    public void close() {
        one.stop();
        two.stop();
        executor.shutdownNow();
        scheduler.shutdownNow();
    }
}
