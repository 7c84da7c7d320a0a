package dev.channels.cdi.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Position;
import dev.channels.Subscriber;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.internal.node.BinaryTextJsonEncoder;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.node.NodeSettings;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.internal.publish.NoTransactions;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.test.BackendWrapper;
import dev.channels.test.LogCapture;
import dev.channels.test.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader of a family on a node whose broker is its memory. */
class FamilyReaderTest {

    /** Counts how many channels are subscribed to. */
    private static final class Counting extends BackendWrapper {
        private final AtomicInteger subscribes = new AtomicInteger();
        private final Set<String> subscribed = ConcurrentHashMap.newKeySet();
        private volatile int most;

        Counting(int history) {
            super(new MemoryBackend(history));
        }

        @Override
        public CompletionStage<Void> subscribe(Set<String> channels) {
            subscribes.addAndGet(channels.size());
            subscribed.addAll(channels);
            most = Math.max(most, subscribed.size());
            return super.subscribe(channels);
        }

        @Override
        public CompletionStage<Void> unsubscribe(Set<String> channels) {
            subscribed.removeAll(channels);
            return super.unsubscribe(channels);
        }
    }

    private final ExecutorService executor = Executors.newFixedThreadPool(7);
    private final ExecutorService publishers = Executors.newCachedThreadPool();
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final Map<String, List<String>> seen = new ConcurrentHashMap<>();
    private final List<EventSender.Completion> open = new CopyOnWriteArrayList<>();
    private volatile boolean waits;
    private Counting backend;
    private ChannelsNode node;

    private void start(int history) {
        backend = new Counting(history);
        node =
                new ChannelsNode(
                        new NodeSettings(
                                Set.of(),
                                true,
                                Integer.MAX_VALUE,
                                Long.MAX_VALUE,
                                Long.MAX_VALUE,
                                BacklogStrategy.BACKOFF,
                                Subscriber::new,
                                2,
                                100_000,
                                1 << 26,
                                1 << 24,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                PresenceSettings.NONE),
                        new BinaryTextJsonEncoder(Object::toString),
                        backend,
                        new StandInExecutor(executor),
                        scheduler,
                        new NoTransactions(),
                        false);
        node.start().toCompletableFuture().join();
    }

    private FamilyReader read(String prefix, int followed) {
        FamilyReader reader =
                new FamilyReader(
                        prefix,
                        new FamilyState.Bounds(followed, 100, 100, Duration.ofMinutes(5)),
                        this::send,
                        System::nanoTime);
        reader.start(node, node.discovery().orElseThrow());
        return reader;
    }

    private void send(Delivery delivery, EventSender.Completion completion) {
        ChannelEvent event = (ChannelEvent) delivery;
        seen.computeIfAbsent(event.channel(), name -> new CopyOnWriteArrayList<>())
                .add(event.text());
        if (waits) {
            open.add(completion);
        } else {
            completion.sent();
        }
    }

    @AfterEach
    void stop() {
        node.stop();
        publishers.shutdownNow();
        executor.shutdownNow();
        scheduler.shutdownNow();
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Threads.PATIENCE).until(condition);
    }

    private void publish(String channel, int from, int to) {
        for (int i = from; i <= to; i++) {
            node.publish("" + i, channel);
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void channelsAreFollowedFromTheirFirstEventOnWithoutAHistory() {
        start(0);
        read("order-", 100);
        for (String channel : List.of("order-1", "order-2", "other", "order-", "Order-1")) {
            publish(channel, 1, 20);
        }
        publish("order-1", 21, 30);
        eventually(() -> seen.equals(Map.of("order-1", numbers(1, 30), "order-2", numbers(1, 20))));
        assertThat(backend.subscribes).hasValue(2);
        assertThat(node.statistics().gaps()).isZero();
    }

    @Test
    void eventsOfManyChannelsComeOnceAndInOrderThoughFewAreFollowedAtATime() {
        int channels = 20;
        int events = 60;
        int followed = 3;
        start(1_000);
        read("order-", followed);
        List<CompletableFuture<Void>> publishing = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            String channel = "order-" + i;
            publishing.add(
                    CompletableFuture.runAsync(
                            () -> {
                                for (int from = 1; from <= events; from += 3) {
                                    publish(channel, from, from + 1);
                                    node.waitPublished("" + (from + 2), channel)
                                            .toCompletableFuture()
                                            .join();
                                }
                            },
                            publishers));
        }
        publishing.forEach(it -> it.orTimeout(30, TimeUnit.SECONDS).join());
        eventually(
                () ->
                        seen.size() == channels
                                && seen.values().stream().allMatch(it -> it.size() >= events));
        assertThat(seen.values()).allSatisfy(it -> assertThat(it).isEqualTo(numbers(1, events)));
        assertThat(backend.most).isEqualTo(followed);
        assertThat(backend.subscribes.get()).as("Channels were left").isGreaterThan(channels);
    }

    @Test
    void observerThatIsSlowGetsWhatWaitedForIt() {
        start(1_000);
        waits = true;
        read("order-", 2);
        for (int i = 0; i < 5; i++) {
            publish("order-" + i, 1, 10);
        }
        eventually(() -> open.size() == 1);
        waits = false;
        open.get(0).sent();
        eventually(
                () -> seen.size() == 5 && seen.values().stream().allMatch(numbers(1, 10)::equals));
    }

    @Test
    void channelThatAnotherSubscriberFollowsIsFollowedToo() {
        start(0);
        read("order-", 100);
        Subscriber other = node.subscribe("order-1");
        publish("order-1", 1, 3);
        eventually(() -> numbers(1, 3).equals(seen.get("order-1")));
        node.unsubscribe(other);
        publish("order-1", 4, 6);
        eventually(() -> numbers(1, 6).equals(seen.get("order-1")));
    }

    @Test
    void channelsOfUsersBelongToNoOtherFamily() {
        start(0);
        read("", 100);
        publish("#user", 1, 1);
        publish("a", 1, 1);
        eventually(() -> seen.containsKey("a"));
        assertThat(seen).containsOnlyKeys("a");
    }

    @Test
    void whatIsGoneIsTold() {
        start(10);
        FamilyReader reader = read("order-", 100);
        publish("order-1", 1, 1);
        eventually(() -> seen.containsKey("order-1"));
        try (LogCapture log = new LogCapture()) {
            reader.published("order-2", new Position("before", 7));
            reader.published("order-3", new Position("before", 7));
            eventually(() -> !log.messages("CHANNELS0014").isEmpty());
            assertThat(log.messages("CHANNELS0014").get(0))
                    .contains("Events of 'order-2' are lost to the ")
                    .contains(": the broker no longer has them.");
            publish("order-2", 2, 2);
            eventually(() -> List.of("2").equals(seen.get("order-2")));
            assertThat(log.messages("CHANNELS0014")).hasSize(1);
        }
    }

    @Test
    void tooManyThatWaitAreTold() {
        start(1_000);
        waits = true;
        read("order-", 1);
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i <= 102; i++) {
                publish("order-" + i, 1, 1);
            }
            eventually(() -> !log.messages("CHANNELS0014").isEmpty());
            assertThat(log.messages("CHANNELS0014").get(0))
                    .contains("too many channels wait until there is room for them");
        }
    }

    @Test
    void channelThatCannotBeJoinedIsTold() {
        start(10);
        FamilyReader reader = read("order-", 100);
        try (LogCapture log = new LogCapture()) {
            reader.published("order-/", new Position("epoch", 0));
            assertThat(log.messages("CHANNELS0014").get(0))
                    .contains("the channel cannot be joined: CHANNELS0003");
        }
    }

    @Test
    void backendThatDoesNotTellIsNamed() {
        start(0);
        FamilyReader reader =
                new FamilyReader("a", FamilyState.Bounds.STANDARD, this::send, System::nanoTime);
        try (LogCapture log = new LogCapture()) {
            ChannelDiscovery broken =
                    (prefix, watcher) -> {
                        throw new IllegalStateException("broken");
                    };
            reader.start(node, broken);
            assertThat(log.messages("CHANNELS0017")).hasSize(1);
            assertThat(log.messages("CHANNELS0017").get(0))
                    .endsWith("gets no events: the backend does not tell of channels");
        }
    }

    @Test
    void nothingIsJoinedAfterTheEnd() {
        start(10);
        FamilyReader reader = read("order-", 100);
        node.stop();
        try (LogCapture log = new LogCapture()) {
            reader.published("order-1", new Position("epoch", 0));
            assertThat(log.records()).isEmpty();
        }
        assertThat(backend.subscribes).hasValue(0);
        assertThat(Optional.ofNullable(seen.get("order-1"))).isEmpty();
    }
}
