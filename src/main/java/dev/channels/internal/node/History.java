package dev.channels.internal.node;

import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.SharedCalls;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.HistorySlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history of a backend that may keep none. Equal reads that are under way at one time are
 * one read, whose answer all share; it may be older than the question then, which a join looks at.
 * Who does not asks {@link #fresh()}.
 */
final class History implements ChannelHistory {

    /** What is asked: the newest events, or those after or before a position. */
    private record Question(String channel, @Nullable Position at, boolean after, int limit) {

        static Question last(String channel, int limit) {
            return new Question(channel, null, true, limit);
        }

        static Question after(String channel, Position position, int limit) {
            return new Question(channel, position, true, limit);
        }

        static Question before(String channel, Position position, int limit) {
            return new Question(channel, position, false, limit);
        }

        CompletionStage<HistorySlice> askOf(ChannelHistory history) {
            if (at == null) {
                return history.last(channel, limit);
            }
            return after ? history.after(channel, at, limit) : history.before(channel, at, limit);
        }

        // Written out: see Position.equals.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question that
                    && limit == that.limit
                    && after == that.after
                    && channel.equals(that.channel)
                    && Objects.equals(at, that.at);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * channel.hashCode() + Objects.hashCode(at)) + limit;
        }
    }

    private final ChannelsBackend backend;
    private final LongAdder reads;
    private final ConcurrentMap<Question, CompletableFuture<HistorySlice>> underWay =
            new ConcurrentHashMap<>();
    private final ChannelHistory fresh;

    /** Reads that begin after they were asked for. */
    private final class Fresh implements ChannelHistory {

        private final SharedCalls<Question, HistorySlice> calls;

        Fresh(Executor executor) {
            calls = new SharedCalls<>(History.this::read, executor);
        }

        @Override
        public CompletionStage<HistorySlice> last(String channel, int limit) {
            return calls.ask(Question.last(channel, limit));
        }

        @Override
        public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
            return calls.ask(Question.after(channel, position, limit));
        }

        @Override
        public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
            return calls.ask(Question.before(channel, position, limit));
        }

        @Override
        public CompletionStage<Void> forget(String channel) {
            return History.this.forget(channel);
        }
    }

    History(ChannelsBackend backend, LongAdder reads, Executor executor) {
        this.backend = backend;
        this.reads = reads;
        this.fresh = new Fresh(executor);
    }

    /** Returns the backend's history, if it keeps one. */
    Optional<ChannelHistory> kept() {
        return backend.history();
    }

    /** Returns the same for whoever wants to find what was there when it asked. */
    ChannelHistory fresh() {
        return fresh;
    }

    /** Reads the newest events; the channel's position alone with 0. */
    @Override
    public CompletableFuture<HistorySlice> last(String channel, int limit) {
        return share(Question.last(channel, limit));
    }

    /** Reads the events after a position. */
    @Override
    public CompletableFuture<HistorySlice> after(String channel, Position position, int limit) {
        return share(Question.after(channel, position, limit));
    }

    /** Reads the events before a position. */
    @Override
    public CompletableFuture<HistorySlice> before(String channel, Position position, int limit) {
        return share(Question.before(channel, position, limit));
    }

    /** Forgets a channel; a read that began before is shared by nobody who comes then. */
    @Override
    public CompletableFuture<Void> forget(String channel) {
        return BackendCalls.call(() -> backend.history().orElseThrow().forget(channel))
                .whenComplete((forgotten, failure) -> dropShared(channel));
    }

    /** What is being read of a channel may be gone: nobody who comes from now on shares it. */
    void dropShared(String channel) {
        underWay.keySet().removeIf(asked -> asked.channel().equals(channel));
    }

    private CompletableFuture<HistorySlice> share(Question question) {
        CompletableFuture<HistorySlice> mine = new CompletableFuture<>();
        CompletableFuture<HistorySlice> known = underWay.putIfAbsent(question, mine);
        if (known != null) {
            return known;
        }
        CompletableFuture<HistorySlice> read = new CompletableFuture<>();
        var unused =
                read.whenComplete(
                        (slice, failure) -> {
                            underWay.remove(question, mine);
                            if (failure == null) {
                                mine.complete(slice);
                            } else {
                                mine.completeExceptionally(Causes.of(failure));
                            }
                        });
        read(question, read);
        return mine;
    }

    private void read(Question question, CompletableFuture<HistorySlice> answer) {
        reads.increment();
        var unused =
                BackendCalls.call(() -> question.askOf(backend.history().orElseThrow()))
                        .whenComplete(
                                (slice, failure) -> {
                                    if (failure == null) {
                                        answer.complete(slice);
                                    } else {
                                        answer.completeExceptionally(Causes.of(failure));
                                    }
                                });
    }

    /**
     * Reads the newest events of each channel.
     *
     * @param limit how many at most; negative for all, 0 for none
     * @return completes with the events of each channel, oldest first, in the order of the names;
     *     no channel where there is no history
     */
    CompletableFuture<Map<String, List<ChannelEvent>>> last(Set<String> names, int limit) {
        if (limit == 0 || kept().isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        Map<String, List<ChannelEvent>> slices = Collections.synchronizedMap(new LinkedHashMap<>());
        List<CompletableFuture<Void>> reads = new ArrayList<>(names.size());
        for (String name : names) {
            slices.put(name, List.of());
            reads.add(
                    fresh.last(name, limit)
                            .toCompletableFuture()
                            .thenAccept(slice -> slices.put(name, slice.events())));
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                .handle(
                        (v, failure) -> {
                            if (failure != null) {
                                throw BackendCalls.failed(
                                        ErrorCode.HISTORY_FAILED,
                                        "The history of "
                                                + ChannelNames.printable(names)
                                                + " could not be read",
                                        failure);
                            }
                            return slices;
                        });
    }
}
