package dev.channels.testkit;

import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes numbered events, {@code series:number}, on a thread of its own and as the plugin does:
 * one batch at a time, the same batch again after a {@link BrokerUnavailableException}. They go to
 * the channels of the node's ledger in turn, each tenth to all of them.
 */
public final class NumberedLoad {

    private static final int BATCH = 5;
    private static final int PATIENCE_SECONDS = 60;

    private final ChannelsBackend backend;
    private final EventLedger ledger;
    private final String series;
    private final History history;
    private final List<String> channels;
    private CompletableFuture<Void> publishing = CompletableFuture.completedFuture(null);
    private volatile boolean ending;
    // Written by the thread that publishes
    private volatile int repeated;
    private volatile long number;

    /**
     * Makes a load that has not begun.
     *
     * @param history takes what was accepted, and what was repeated
     */
    public NumberedLoad(
            ChannelsBackend backend, EventLedger ledger, String series, History history) {
        this.backend = backend;
        this.ledger = ledger;
        this.series = series;
        this.history = history;
        channels = ledger.channels().stream().sorted().toList();
    }

    /** Begins to publish, or goes on after an end. */
    public void begin() {
        ending = false;
        publishing = CompletableFuture.runAsync(this::run, this::start);
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "load-" + series);
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the name of the series. */
    public String series() {
        return series;
    }

    /** Returns the number of the last event that was handed to the backend. */
    public long number() {
        return number;
    }

    /** Returns how many batches were repeated. */
    public int repeated() {
        return repeated;
    }

    /** Ends when the batch under way is accepted; fails if a publish failed for good. */
    public void end() {
        ending = true;
        publishing.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private void run() {
        try {
            while (!ending) {
                publish(nextBatch());
                // About 2,000 events per second: the pace of this load, nothing is waited for.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        } catch (Exception e) {
            throw new AssertionError("The load did not end well", e);
        }
    }

    private List<Publication> nextBatch() {
        List<Publication> batch = new ArrayList<>();
        long next = number;
        for (int i = 0; i < BATCH; i++) {
            next++;
            byte[] payload = new Numbered(series, next).toString().getBytes(StandardCharsets.UTF_8);
            batch.add(new Publication(next, payload, channels(next)));
        }
        number = next;
        return batch;
    }

    private Set<String> channels(long of) {
        return of % 10 == 0
                ? Set.copyOf(channels)
                : Set.of(channels.get((int) (of % channels.size())));
    }

    private void publish(List<Publication> batch) throws Exception {
        while (true) {
            try {
                backend.publish(batch).toCompletableFuture().get(30, TimeUnit.SECONDS);
                batch.forEach(history::add);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof BrokerUnavailableException)) {
                    throw e;
                }
                repeated++;
                batch.forEach(history::addRepeated);
                ledger.awaitReconnection();
            }
        }
    }
}
