package dev.channels.test;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backend that does what the test says. Every call is recorded; where no script is set, a stage
 * stays open until the test completes it.
 */
public final class ScriptedBackend implements ChannelsBackend, ChannelHistory {

    /** One call of subscribe, unsubscribe or publish. */
    public record Call(
            String method,
            Set<String> channels,
            List<Publication> batch,
            CompletableFuture<Void> stage) {

        public void complete() {
            stage.complete(null);
        }

        public void fail(Throwable cause) {
            stage.completeExceptionally(cause);
        }

        @Override
        public String toString() {
            return method + " " + channels;
        }
    }

    private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    private final LinkedBlockingDeque<Call> open = new LinkedBlockingDeque<>();

    public volatile @Nullable Function<Call, @Nullable CompletionStage<Void>> onSubscribe;
    public volatile @Nullable Function<Call, @Nullable CompletionStage<Void>> onUnsubscribe;
    public volatile @Nullable Function<Call, @Nullable CompletionStage<Void>> onPublish;
    public volatile Function<String, CompletionStage<HistorySlice>> onHistory =
            channel -> CompletableFuture.completedFuture(Events.slice(List.of()));
    public volatile BiFunction<String, Position, CompletionStage<HistorySlice>> onAfter =
            (channel, position) -> onHistory.apply(channel);
    public volatile boolean hasHistory = true;
    public volatile CompletionStage<Void> started = CompletableFuture.completedFuture(null);
    public volatile CompletionStage<Void> stopped = CompletableFuture.completedFuture(null);
    public final List<BackendSink> sinks = new CopyOnWriteArrayList<>();
    public final List<String> life = new CopyOnWriteArrayList<>();
    public final List<String> historyCalls = new CopyOnWriteArrayList<>();

    /** Completes every call at once. */
    public ScriptedBackend willing() {
        onSubscribe = call -> CompletableFuture.completedFuture(null);
        onUnsubscribe = onSubscribe;
        onPublish = onSubscribe;
        return this;
    }

    /** Completes subscribe and unsubscribe at once, leaves publish to the test. */
    public ScriptedBackend willingToSubscribe() {
        willing();
        onPublish = null;
        return this;
    }

    public BackendSink sink() {
        return sinks.get(sinks.size() - 1);
    }

    /** Delivers the events with these offsets. */
    public void deliver(String channel, long from, long to) {
        Events.events(channel, from, to).forEach(sink()::deliver);
    }

    /** All calls so far, as text. */
    public List<String> calls() {
        return snapshot().stream().map(Call::toString).toList();
    }

    public List<Call> calls(String method) {
        return snapshot().stream().filter(call -> call.method().equals(method)).toList();
    }

    private List<Call> snapshot() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /** Waits for the oldest call whose stage is open, and takes it. */
    public Call take() throws InterruptedException {
        Call call = open.poll(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("No call is open; so far: " + calls);
        }
        return call;
    }

    public int open() {
        return open.size();
    }

    /** The payloads of all publishes so far, as text, batch by batch. */
    public List<List<String>> published() {
        return calls("publish").stream()
                .map(call -> call.batch().stream().map(ScriptedBackend::text).toList())
                .toList();
    }

    public static String text(Publication publication) {
        return new ChannelEvent("a", new Position("e", 0), publication.payload()).text();
    }

    private CompletionStage<Void> answer(
            String method,
            Set<String> channels,
            List<Publication> batch,
            @Nullable Function<Call, @Nullable CompletionStage<Void>> script) {
        Call call = new Call(method, channels, batch, new CompletableFuture<>());
        calls.add(call);
        if (script != null) {
            return script.apply(call);
        }
        open.add(call);
        return call.stage();
    }

    @Override
    public CompletionStage<Void> start(BackendSink sink) {
        life.add("start");
        sinks.add(sink);
        return started;
    }

    @Override
    public CompletionStage<Void> stop() {
        life.add("stop");
        return stopped;
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return answer("publish", Set.of(), batch, onPublish);
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> channels) {
        return answer("subscribe", channels, List.of(), onSubscribe);
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> channels) {
        return answer("unsubscribe", channels, List.of(), onUnsubscribe);
    }

    @Override
    public Optional<ChannelHistory> history() {
        return hasHistory ? Optional.of(this) : Optional.empty();
    }

    @Override
    public CompletionStage<HistorySlice> last(String channel, int limit) {
        historyCalls.add(channel + " " + limit);
        return onHistory.apply(channel);
    }

    @Override
    public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
        historyCalls.add(channel + " after " + position + " " + limit);
        return onAfter.apply(channel, position);
    }

    @Override
    public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
        throw new AssertionError("not asked for yet");
    }

    @Override
    public CompletionStage<Void> forget(String channel) {
        throw new AssertionError("not asked for yet");
    }
}
