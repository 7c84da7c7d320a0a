package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendSink;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A backend that is driven as the plugin does it, and the sink that records what comes of it. Each
 * method waits for its stage unless it returns one; one thread at a time publishes.
 */
final class Node {

    /** How long a backend may take for anything while its broker is there. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the contract calls "a few seconds", with much room for a slow machine. */
    static final Duration BOUND = Duration.ofSeconds(15);

    final ChannelsBackend backend;
    final RecordingSink sink = new RecordingSink();
    private final String fence;
    private long sequence;
    private boolean fenced;

    Node(ChannelsBackend backend, String fence) {
        this.backend = backend;
        this.fence = fence;
    }

    Node start() {
        startWith(sink);
        return this;
    }

    void startWith(BackendSink other) {
        get(() -> backend.start(other));
        fenced = false;
    }

    void stop() {
        within(BOUND, backend::stop);
        fenced = false;
    }

    void subscribe(String... channels) {
        subscribe(Set.of(channels));
    }

    void subscribe(Set<String> channels) {
        get(() -> backend.subscribe(channels));
    }

    void unsubscribe(String... channels) {
        unsubscribe(Set.of(channels));
    }

    void unsubscribe(Set<String> channels) {
        get(() -> backend.unsubscribe(channels));
    }

    Publication publication(byte[] payload, Set<String> channels) {
        return publication(payload, channels, Map.of());
    }

    Publication publication(byte[] payload, Set<String> channels, Map<String, String> headers) {
        sequence++;
        return new Publication(sequence, payload, channels, headers);
    }

    Publication publication(String text, String... channels) {
        return publication(text.getBytes(StandardCharsets.UTF_8), Set.of(channels));
    }

    /** Makes a batch of one publication per text. */
    List<Publication> batch(String channel, List<String> texts) {
        return texts.stream().map(text -> publication(text, channel)).toList();
    }

    void publish(String channel, String... texts) {
        publish(batch(channel, Arrays.asList(texts)));
    }

    void publish(List<Publication> batch) {
        get(() -> backend.publish(batch));
    }

    ChannelHistory history() {
        return backend.history()
                .orElseThrow(() -> new AssertionError("promised a history, and has none"));
    }

    HistorySlice last(String channel, int limit) {
        return get(() -> history().last(channel, limit));
    }

    HistorySlice before(String channel, Position position, int limit) {
        return get(() -> history().before(channel, position, limit));
    }

    HistorySlice after(String channel, Position position, int limit) {
        return get(() -> history().after(channel, position, limit));
    }

    void forget(String channel) {
        get(() -> history().forget(channel));
    }

    ChannelPresence presence() {
        return backend.presence()
                .orElseThrow(() -> new AssertionError("promised presence, and has none"));
    }

    List<ChannelEvent> awaitEvents(String channel, int count) {
        return sink.awaitEvents(channel, count);
    }

    List<String> awaitTexts(String channel, int count) {
        return sink.awaitTexts(channel, count);
    }

    /**
     * Has this node publish to the other one, until what was published before has surely arrived
     * there, if it ever does: events of different channels may overtake each other, so twice.
     */
    void settle(Node other) {
        if (!other.fenced) {
            other.fenced = true;
            other.subscribe(other.fence);
        }
        for (int i = 0; i < 2; i++) {
            int before = other.sink.events(other.fence).size();
            publish(other.fence, "fence");
            other.awaitEvents(other.fence, before + 1);
        }
    }

    void settle() {
        settle(this);
    }

    /** Calls a method that must fail because the broker is away, and must not take long for it. */
    static <T> void assertUnavailable(Supplier<? extends CompletionStage<T>> call) {
        try {
            stageOf(call).toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
            fail("The broker is away, but the stage completed normally");
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(BrokerUnavailableException.class);
        } catch (TimeoutException e) {
            fail("The broker is away, and the stage did not fail within " + BOUND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static <T> T get(Supplier<? extends CompletionStage<T>> call) {
        return within(PATIENCE, call);
    }

    static <T> T within(Duration bound, Supplier<? extends CompletionStage<T>> call) {
        try {
            return stageOf(call).toCompletableFuture().get(bound.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("The stage failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("The stage did not complete within " + bound, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Calls a method; one that throws is, by the contract, one whose stage has failed. */
    private static <T> CompletionStage<T> stageOf(Supplier<? extends CompletionStage<T>> call) {
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        assertThat(stage).as("the returned stage").isNotNull();
        return stage;
    }
}
