package dev.channels.internal.node;

import dev.channels.BacklogStrategy;
import dev.channels.Subscriber;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.internal.presence.PresenceSettings;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A node in the memory of this JVM, and subscribers that count what their callbacks get. */
final class BenchmarkNode implements AutoCloseable {

    private static final String CHANNEL = "c";
    private static final String TEXT = "x".repeat(100);
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** An object has been moved to the old generation after so many collections, by default. */
    private static final int TENURED = 16;

    /** Keeps the compiler from leaving the garbage out. */
    @SuppressWarnings({"unused", "UnusedVariable"})
    private static volatile byte[] garbage = {};

    private final ExecutorService executor = Executors.newFixedThreadPool(PROCESSORS + 1);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final ChannelsNode node;
    private final Count[] counts;
    private long published;

    /** Counted by one thread at a time. */
    private static final class Count {
        private volatile long events;

        @SuppressWarnings("NonAtomicOperationOnVolatileField")
        void add() {
            events = events + 1;
        }
    }

    BenchmarkNode(int subscribers) {
        NodeSettings settings =
                new NodeSettings(
                        Set.of(CHANNEL),
                        false,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        BacklogStrategy.BACKOFF,
                        Subscriber::new,
                        PROCESSORS,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        0,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        PresenceSettings.NONE);
        node =
                new ChannelsNode(
                        settings,
                        new BinaryTextJsonEncoder(String::valueOf),
                        new MemoryBackend(0),
                        executor,
                        scheduler);
        node.start().toCompletableFuture().join();
        counts = Stream.generate(Count::new).limit(subscribers).toArray(Count[]::new);
        for (Count count : counts) {
            node.subscribe(CHANNEL).runInBackground(event -> count.add());
        }
        publish();
        awaitDelivered(0);
        growOld();
    }

    /**
     * Has the collector move what lives long to where it stays, as in a server that has run for a
     * while: how ten thousand mailboxes lie in memory decides what an event for all of them costs.
     */
    private static void growOld() {
        long collections = collections() + TENURED;
        while (collections() < collections) {
            garbage = new byte[10_000];
        }
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    void publish() {
        node.publish(TEXT, CHANNEL);
        published++;
    }

    /** Waits until every subscriber has all events but so many. */
    void awaitDelivered(long but) {
        for (Count count : counts) {
            while (count.events < published - but) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    @Override
    public void close() {
        node.stop();
        executor.shutdownNow();
        scheduler.shutdownNow();
    }
}
