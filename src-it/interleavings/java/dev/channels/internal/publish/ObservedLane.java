package dev.channels.internal.publish;

import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.NeverScheduler;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** A lane whose tasks run on the thread that starts them, and what its backend sees. */
final class ObservedLane implements ChannelsBackend {

    final NeverScheduler scheduler = new NeverScheduler();
    final PublishLane lane;
    private final AtomicReference<CompletableFuture<Void>> unanswered = new AtomicReference<>();
    private final AtomicBoolean calling = new AtomicBoolean();

    /** Written by one call at a time; read when all actors are done. */
    private final StringBuilder published = new StringBuilder();

    ObservedLane() {
        SureExecutor executor = SureExecutor.on(Runnable::run, scheduler);
        NodeLog log = new NodeLog(executor, scheduler);
        lane =
                new PublishLane(
                        this,
                        new PublishReport(new Counters(), executor, log),
                        new DrainPool(executor, scheduler, 1, 0),
                        scheduler,
                        new PublishBounds(100, 1 << 20));
    }

    CompletableFuture<Void> publish(String text) {
        CompletableFuture<Void> promise = new CompletableFuture<>();
        lane.publish(text.getBytes(StandardCharsets.UTF_8), Map.of(), Set.of("a"), promise);
        return promise;
    }

    /** Answers the call under way, if there is one; with a failure, or null. */
    boolean answer(Throwable failure) {
        CompletableFuture<Void> answer = unanswered.getAndSet(null);
        if (answer == null) {
            return false;
        }
        if (failure == null) {
            return answer.complete(null);
        }
        return answer.completeExceptionally(failure);
    }

    /** Answers whatever comes. */
    void answerAll() {
        while (answer(null)) {
            // The next call comes with the answer to the one before.
        }
    }

    /** Returns what the backend was given. */
    String published() {
        return published.toString();
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> publications) {
        if (!calling.compareAndSet(false, true) || unanswered.get() != null) {
            published.append(" two calls at once");
        }
        for (Publication publication : publications) {
            published.append(new String(publication.payload(), StandardCharsets.UTF_8));
        }
        CompletableFuture<Void> answer = new CompletableFuture<>();
        calling.set(false);
        unanswered.set(answer);
        return answer;
    }

    @Override
    public CompletionStage<Void> start(BackendSink sink) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> stop() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> channels) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> channels) {
        return CompletableFuture.completedFuture(null);
    }
}
