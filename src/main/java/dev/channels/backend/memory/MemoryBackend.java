package dev.channels.backend.memory;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose broker is the memory of this JVM: events reach the subscribers of this node and
 * nobody else; two backends share nothing.
 *
 * <p>At most once, ordered, never away. The history is bounded by a number of events per channel,
 * by the bytes of all channels, and by an age for channels that nobody uses ({@link
 * MemoryRetention}); whoever asks for what was forgotten is told of a gap. It ends with {@link
 * #stop}: the next start begins new epochs. With a history of 0, a channel that is not subscribed
 * to takes no memory.
 *
 * <p>Safe for use by any thread within the contract of {@link ChannelsBackend}. It has no thread of
 * its own: {@link #publish} pushes the events into the sink before it returns, and every stage is
 * complete when it is returned. Only what may call the sink while another thread does so is left to
 * that thread, and so is the end of a {@link #stop}. No lock is held while the sink is called.
 */
public final class MemoryBackend implements ChannelsBackend {

    private final Retentions retention;
    private final LongSupplier clock;
    private final Optional<ChannelHistory> history;
    private final Optional<ChannelPresence> presence = Optional.of(new Presence());
    private final Optional<ChannelLeases> leases = Optional.of(new Leases());
    private final Optional<ChannelDiscovery> discovery =
            Optional.of(
                    (prefix, watcher) ->
                            answer(
                                    running -> {
                                        running.watch(prefix, watcher);
                                        return null;
                                    }));

    /** Whatever calls the sink runs on it, and so does the stop, which comes behind that. */
    private final Trampoline calls = new Trampoline();

    /** What lives from a start to the next stop, or null in between. */
    private volatile @Nullable MemoryBroker broker;

    /**
     * Makes a backend.
     *
     * @param history how many events each channel keeps, 0 to 1,000,000; with 0 there is no history
     * @throws IllegalArgumentException if the number is out of range
     */
    public MemoryBackend(int history) {
        this(MemoryRetention.of(history));
    }

    /**
     * Makes a backend.
     *
     * @param retention how much history it keeps
     */
    public MemoryBackend(MemoryRetention retention) {
        this(Retentions.of(retention));
    }

    /** Makes a backend that keeps more or less of some channels. */
    MemoryBackend(Retentions retention) {
        this(retention, System::nanoTime);
    }

    /** Makes a backend that reads the time, in nanoseconds, from a clock. */
    MemoryBackend(Retentions retention, LongSupplier clock) {
        this.retention = retention;
        this.clock = clock;
        this.history = retention.keepsEvents() ? Optional.of(new History()) : Optional.empty();
    }

    @Override
    public CompletionStage<Void> start(BackendSink sink) {
        broker = new MemoryBroker(sink, retention, clock);
        return CompletableFuture.completedFuture(null);
    }

    /** Releases everything, the history included; completes after what is calling the sink. */
    @Override
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        broker = null;
        calls.run(() -> stage.complete(null));
        return stage;
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return alone(running -> running.publish(batch));
    }

    /** Does what may call the sink: it never overlaps another, nor comes after a stop. */
    private CompletionStage<Void> alone(Consumer<MemoryBroker> work) {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        calls.run(
                () -> {
                    try {
                        work.accept(running());
                        stage.complete(null);
                    } catch (RuntimeException | Error e) {
                        stage.completeExceptionally(e);
                    }
                });
        return stage;
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> channels) {
        return answer(
                running -> {
                    running.subscribe(channels);
                    return null;
                });
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> channels) {
        return answer(
                running -> {
                    running.unsubscribe(channels);
                    return null;
                });
    }

    /** Returns the history, or empty if the backend was made with a history of 0. */
    @Override
    public Optional<ChannelHistory> history() {
        return history;
    }

    @Override
    public Optional<ChannelPresence> presence() {
        return presence;
    }

    @Override
    public Optional<ChannelLeases> leases() {
        return leases;
    }

    @Override
    public Optional<ChannelDiscovery> discovery() {
        return discovery;
    }

    private MemoryBroker running() {
        MemoryBroker known = broker;
        if (known == null) {
            throw new ChannelsException(
                    ErrorCode.NOT_RUNNING, "The memory backend is not running: start it first.");
        }
        return known;
    }

    private <T extends @Nullable Object> CompletionStage<T> answer(
            Function<MemoryBroker, T> question) {
        try {
            return CompletableFuture.completedFuture(question.apply(running()));
        } catch (ChannelsException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private final class History implements ChannelHistory {

        @Override
        public CompletionStage<HistorySlice> last(String channel, int limit) {
            return answer(running -> running.last(channel, limit));
        }

        @Override
        public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
            return answer(running -> running.after(channel, position, limit));
        }

        @Override
        public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
            return answer(running -> running.before(channel, position, limit));
        }

        @Override
        public CompletionStage<Void> forget(String channel) {
            return alone(running -> running.forgetHistory(channel));
        }

        @Override
        public boolean isInMemory() {
            return true;
        }
    }

    private final class Presence implements ChannelPresence {

        @Override
        public CompletionStage<Void> change(List<PresenceChange> changes, Duration lifetime) {
            return alone(running -> running.presence().change(changes));
        }

        @Override
        public CompletionStage<Set<String>> keepAlive(
                Map<String, Integer> clients, Duration lifetime) {
            return answer(running -> running.presence().different(clients));
        }

        @Override
        public CompletionStage<Void> replace(
                Map<String, ? extends Collection<PresentClient>> clients, Duration lifetime) {
            return alone(running -> running.presence().replace(clients));
        }

        @Override
        public CompletionStage<List<PresentClient>> clients(String channel, int limit) {
            return answer(running -> running.presence().clients(channel, limit));
        }

        @Override
        public CompletionStage<PresenceStatistics> statistics(String channel) {
            return answer(running -> running.presence().statistics(channel));
        }
    }

    private final class Leases implements ChannelLeases {

        @Override
        public CompletionStage<Lease> take(String name, String holder, Duration lifetime) {
            return answer(running -> running.leases().take(name, holder, lifetime));
        }

        @Override
        public CompletionStage<Boolean> advance(
                String name, String holder, Position position, Duration lifetime) {
            return answer(running -> running.leases().advance(name, holder, position, lifetime));
        }

        @Override
        public CompletionStage<Void> release(String name, String holder) {
            return answer(
                    running -> {
                        running.leases().release(name, holder);
                        return null;
                    });
        }
    }
}
