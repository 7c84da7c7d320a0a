package dev.channels.internal.presence;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.SharedCalls;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.ChannelsBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Asks the broker who is there on all nodes; equal questions {@linkplain SharedCalls share} an
 * answer. A question about a channel of which the broker is about to be told something waits until
 * it has been told, so that who has come is in the answer to its own question.
 *
 * <p>Safe for use by any thread; calls the backend on the executor, and with no lock held.
 */
final class PresenceQuestions {

    /** So many clients of a channel are told. */
    static final int MAX_CLIENTS = 10_000;

    /** So long an answer may take, whatever it waits for; backends give up earlier. */
    private static final int PATIENCE_SECONDS = 30;

    /**
     * A question that waits until its channel is told.
     *
     * @param answer what it is answered by in the end
     * @param ready completes when it may be asked
     */
    private record Question(
            String channel, CompletableFuture<?> answer, CompletableFuture<Void> ready) {}

    private final ChannelsBackend backend;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final Predicate<String> isUntold;

    private final Queue<Question> waiting = new ConcurrentLinkedQueue<>();

    private final SharedCalls<String, List<PresentClient>> lists;
    private final SharedCalls<String, PresenceStatistics> counts;

    /**
     * Makes them without any.
     *
     * @param backend keeps presence
     * @param executor calls the backend, and completes answers
     * @param scheduler gives up what is not answered
     * @param isUntold whether the broker is about to be told something of a channel
     */
    PresenceQuestions(
            ChannelsBackend backend,
            Executor executor,
            ScheduledExecutorService scheduler,
            Predicate<String> isUntold) {
        this.backend = backend;
        this.executor = executor;
        this.scheduler = scheduler;
        this.isUntold = isUntold;
        this.lists =
                new SharedCalls<>(
                        (channel, answer) ->
                                call(channel, answer, it -> it.clients(channel, MAX_CLIENTS + 1)),
                        this::giveUpLater,
                        executor);
        this.counts =
                new SharedCalls<>(
                        (channel, answer) -> call(channel, answer, it -> it.statistics(channel)),
                        this::giveUpLater,
                        executor);
    }

    /** Reads who is there; fails where they are too many to be told. */
    CompletableFuture<List<PresentClient>> clients(String channel) {
        return lists.ask(channel).thenApply(known -> notTooMany(channel, known));
    }

    private static List<PresentClient> notTooMany(String channel, List<PresentClient> known) {
        if (known.size() > MAX_CLIENTS) {
            throw new ChannelsException(
                    ErrorCode.LIMIT_REACHED,
                    "More than "
                            + MAX_CLIENTS
                            + " clients are there in channel '"
                            + ChannelNames.printable(channel)
                            + "'. Ask how many there are instead.");
        }
        return known;
    }

    /** Counts who is there. */
    CompletableFuture<PresenceStatistics> statistics(String channel) {
        return counts.ask(channel);
    }

    private <T> void call(
            String channel,
            CompletableFuture<T> answer,
            Function<ChannelPresence, CompletionStage<T>> question) {
        var unused =
                told(channel, answer)
                        .thenComposeAsync(
                                told ->
                                        BackendCalls.call(
                                                () ->
                                                        question.apply(
                                                                backend.presence().orElseThrow())),
                                executor)
                        .whenCompleteAsync(
                                (known, failure) -> {
                                    if (failure == null) {
                                        answer.complete(known);
                                    } else {
                                        answer.completeExceptionally(failed(channel, failure));
                                    }
                                },
                                executor);
    }

    private void giveUpLater(String channel, CompletableFuture<?> answer) {
        try {
            Future<?> bound =
                    scheduler.schedule(
                            () -> executor.execute(() -> giveUp(channel, answer)),
                            PATIENCE_SECONDS,
                            TimeUnit.SECONDS);
            var unused = answer.whenComplete((given, failure) -> bound.cancel(false));
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped.
            answer.completeExceptionally(failed(channel, e));
        }
    }

    private void giveUp(String channel, CompletableFuture<?> answer) {
        String late = "No answer for " + PATIENCE_SECONDS + " s";
        if (answer.completeExceptionally(failed(channel, new TimeoutException(late)))) {
            waiting.removeIf(question -> question.answer() == answer);
        }
    }

    /** Returns what completes when the broker has been told what happened before the question. */
    private CompletableFuture<Void> told(String channel, CompletableFuture<?> answer) {
        if (!isUntold.test(channel)) {
            return CompletableFuture.completedFuture(null);
        }
        Question question = new Question(channel, answer, new CompletableFuture<>());
        waiting.add(question);
        // The call that it waits for may have ended meanwhile.
        if (!isUntold.test(channel)) {
            question.ready().complete(null);
        }
        return question.ready();
    }

    /** Goes on with the questions whose channels have been told; to be called after each call. */
    void askWhatIsTold() {
        List<Question> over = new ArrayList<>();
        for (Question question : waiting) {
            if (question.ready().isDone() || !isUntold.test(question.channel())) {
                over.add(question);
            }
        }
        over.forEach(waiting::remove);
        over.forEach(question -> question.ready().complete(null));
    }

    private static ChannelsException failed(String channel, Throwable failure) {
        return BackendCalls.failed(
                ErrorCode.PRESENCE_FAILED,
                "Who is there in channel '"
                        + ChannelNames.printable(channel)
                        + "' could not be read",
                failure);
    }
}
