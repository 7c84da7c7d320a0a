package dev.channels.internal.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers the same question of many with few calls: one is under way, and whoever asks meanwhile
 * shares the one after it.
 *
 * <p>Invariant: a call begins after everybody has asked who is answered by it. So what was done
 * before a question is in its answer.
 *
 * <pre>
 *           asked                    over, nobody asked meanwhile
 *   NOTHING ─────▶ UNDER WAY ──────────────────────────────────────▶ NOTHING
 *                   │      ▲
 *             asked │      │ over: the next one begins
 *                   ▼      │
 *             UNDER WAY, and a next one
 * </pre>
 *
 * @param <K> the question
 * @param <T> the answer
 */
public final class SharedCalls<K, T> {

    private final BiConsumer<K, CompletableFuture<T>> call;
    private final Executor executor;
    private final ConcurrentMap<K, Asking<T>> underWay = new ConcurrentHashMap<>();

    /** One call. */
    private static final class Asking<T> {
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        /** Written inside {@code compute} only, and never once this is not under way. */
        private @Nullable Asking<T> next;
    }

    /**
     * Makes one that nobody has asked.
     *
     * @param call asks, and completes the answer in any case
     * @param executor begins the next call, so that one that completes at once neither recurses nor
     *     holds up whoever waits for it
     */
    public SharedCalls(BiConsumer<K, CompletableFuture<T>> call, Executor executor) {
        this.call = call;
        this.executor = executor;
    }

    /**
     * Asks, on the calling thread unless others are asking.
     *
     * @param question what is asked
     * @return the answer of a call that begins now or later
     */
    public CompletableFuture<T> ask(K question) {
        Asking<T> first = new Asking<>();
        Asking<T> current =
                underWay.compute(
                        question,
                        (asked, now) -> {
                            if (now == null) {
                                return first;
                            }
                            if (now.next == null) {
                                now.next = first;
                            }
                            return now;
                        });
        Asking<T> next = current.next;
        if (current != first && next != null) {
            return next.answer;
        }
        begin(question, first);
        return first.answer;
    }

    private void begin(K question, Asking<T> asking) {
        var unused = asking.answer.whenComplete((answer, failure) -> over(question, asking));
        try {
            call.accept(question, asking.answer);
        } catch (Throwable e) {
            asking.answer.completeExceptionally(e);
        }
    }

    private void over(K question, Asking<T> asking) {
        underWay.compute(question, (asked, now) -> now == asking ? asking.next : now);
        Asking<T> next = asking.next;
        if (next != null) {
            executor.execute(() -> begin(question, next));
        }
    }
}
