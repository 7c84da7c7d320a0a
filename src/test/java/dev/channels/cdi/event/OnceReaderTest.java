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
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelLeases;
import dev.channels.test.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several readers of one node, who share a lease as those of several nodes do. */
class OnceReaderTest {

    /** A lease that ends when the test says so. */
    private static final class OneLease implements ChannelLeases {
        private @Nullable String holder;
        private @Nullable Position position;
        private boolean away;

        synchronized void end() {
            holder = null;
        }

        synchronized void away(boolean now) {
            away = now;
        }

        synchronized @Nullable String holder() {
            return holder;
        }

        synchronized long offset() {
            return position == null ? -1 : position.offset();
        }

        @Override
        public synchronized CompletionStage<Lease> take(
                String name, String who, Duration lifetime) {
            if (away) {
                return gone();
            }
            holder = holder == null ? who : holder;
            return CompletableFuture.completedStage(
                    holder.equals(who) ? new Lease(true, position) : Lease.TAKEN);
        }

        @Override
        public synchronized CompletionStage<Boolean> advance(
                String name, String who, Position to, Duration lifetime) {
            if (away) {
                return gone();
            }
            if (!who.equals(holder)) {
                return CompletableFuture.completedStage(false);
            }
            position = to;
            return CompletableFuture.completedStage(true);
        }

        @Override
        public synchronized CompletionStage<Void> release(String name, String who) {
            holder = who.equals(holder) ? null : holder;
            return CompletableFuture.completedStage(null);
        }

        private static <T> CompletionStage<T> gone() {
            return CompletableFuture.failedStage(
                    new BrokerUnavailableException("The broker is away", null));
        }
    }

    /** Asks when the test says so. */
    private static final class Asking extends ScheduledThreadPoolExecutor {
        private volatile @Nullable Runnable task;

        Asking() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable asked, long first, long delay, TimeUnit unit) {
            task = asked;
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }
    }

    /** What stands for an observer: it ends a call at once, or when the test says so. */
    private final class Observer {
        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final List<EventSender.Completion> open = new CopyOnWriteArrayList<>();
        private final Asking asking = new Asking();
        private final OnceReader reader;
        private volatile boolean waits;

        Observer(String holder, int history) {
            reader =
                    new OnceReader(
                            new OnceReader.Means(
                                    node, lease, true, executor, asking, clock::get, holder),
                            "lease",
                            "a",
                            history,
                            () -> this::send);
            reader.start();
        }

        private void send(Delivery delivery, EventSender.Completion completion) {
            seen.add(((ChannelEvent) delivery).text());
            if (waits) {
                open.add(completion);
            } else {
                completion.sent();
            }
        }

        Observer ask() {
            asking.task.run();
            return this;
        }

        /** Asks, and waits until it has joined the channel. */
        Observer read() {
            int before = node.statistics().subscribers();
            ask();
            eventually(() -> node.statistics().subscribers() == before + 1 && lease.offset() >= 0);
            return this;
        }
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Threads.PATIENCE).until(condition);
    }

    private final ExecutorService executor = Executors.newFixedThreadPool(7);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final AtomicLong clock = new AtomicLong();
    private final OneLease lease = new OneLease();
    private ChannelsNode node = node(Integer.MAX_VALUE);

    private ChannelsNode node(int maxBacklog) {
        ChannelsNode made =
                new ChannelsNode(
                        new NodeSettings(
                                Set.of("a"),
                                false,
                                maxBacklog,
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
                        new MemoryBackend(1_000),
                        new StandInExecutor(executor),
                        scheduler,
                        new NoTransactions(),
                        false);
        made.start().toCompletableFuture().join();
        return made;
    }

    @AfterEach
    void stop() {
        node.stop();
        executor.shutdownNow();
        scheduler.shutdownNow();
    }

    private void publish(int from, int to) {
        for (int i = from; i <= to; i++) {
            node.waitPublished("" + i, "a").toCompletableFuture().join();
        }
    }

    private static List<String> numbers(int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            numbers.add("" + i);
        }
        return numbers;
    }

    @Test
    void oneOfThemHasTheEvents() {
        Observer one = new Observer("one", 0).read();
        Observer two = new Observer("two", 0).ask();
        publish(1, 50);
        eventually(() -> one.seen.equals(numbers(1, 50)));
        assertThat(two.seen).isEmpty();
    }

    @Test
    void firstOneBeginsWithTheHistory() {
        publish(1, 5);
        Observer one = new Observer("one", 2).read();
        eventually(() -> one.seen.equals(List.of("4", "5")));
    }

    @Test
    void nextOneGoesOnWhereTheFirstOneHasDied() {
        Observer one = new Observer("one", 0).read();
        publish(1, 3);
        eventually(() -> lease.offset() == 3);
        one.waits = true;
        publish(4, 6);
        eventually(() -> one.open.size() == 1);
        // It has died, in the middle of an event.
        lease.end();
        Observer two = new Observer("two", 0).read();
        eventually(() -> two.seen.equals(numbers(4, 6)));
        // It was only slow.
        one.open.get(0).sent();
        publish(7, 8);
        eventually(() -> two.seen.equals(numbers(4, 8)));
        eventually(() -> node.statistics().subscribers() == 1);
        assertThat(one.seen).isEqualTo(numbers(1, 4));
    }

    @Test
    void nothingIsReadWithALeaseThatMayBeOver() {
        Observer one = new Observer("one", 0).read();
        publish(1, 1);
        eventually(() -> lease.offset() == 1);
        clock.addAndGet(OnceReader.LIFETIME.toNanos());
        publish(2, 2);
        eventually(() -> node.statistics().subscribers() == 0);
        assertThat(one.seen).containsExactly("1");
        one.read();
        eventually(() -> one.seen.equals(numbers(1, 2)));
    }

    @Test
    void whatIsDoneWithIsNotReadAgainAfterAnOutage() {
        Observer one = new Observer("one", 0).read();
        one.waits = true;
        publish(1, 2);
        eventually(() -> one.open.size() == 1);
        lease.away(true);
        one.waits = false;
        one.open.get(0).sent();
        eventually(() -> node.statistics().subscribers() == 0);
        one.ask();
        lease.away(false);
        one.read();
        eventually(() -> one.seen.equals(numbers(1, 2)));
    }

    @Test
    void whatDoesNotFitIntoTheBacklogIsReadFromTheHistory() {
        node.stop();
        node = node(4);
        Observer one = new Observer("one", 0).read();
        one.waits = true;
        publish(1, 100);
        eventually(() -> one.open.size() == 1);
        one.waits = false;
        one.open.get(0).sent();
        eventually(() -> one.seen.equals(numbers(1, 100)));
    }

    @Test
    void leaseIsGivenUpWhenTheNodeStops() {
        new Observer("one", 0).read();
        assertThat(lease.holder()).isEqualTo("one");
        node.stop();
        eventually(() -> lease.holder() == null);
    }

    @Test
    void closedReaderReadsNothing() {
        Observer one = new Observer("one", 0);
        one.reader.close();
        one.ask();
        publish(1, 1);
        assertThat(node.statistics().subscribers()).isZero();
        assertThat(one.seen).isEmpty();
    }
}
