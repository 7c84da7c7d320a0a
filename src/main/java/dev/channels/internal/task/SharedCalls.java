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
 * before a question is in its answer. An answer that is given up while its call waits for the one
 * before takes no call, and nobody shares it who asks later.
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
    private final BiConsumer<K, CompletableFuture<T>> bound;
    private final Executor executor;
    private final ConcurrentMap<K, Asking<T>> underWay = new ConcurrentHashMap<>();

    /** One call. */
    private static final class Asking<T> {
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        /** Written inside {@code compute} only, and never once this is not under way. */
        private @Nullable Asking<T> next;
    }

    /**
     * Makes one that nobody has asked, whose answers may take any time.
     *
     * @param call asks, and completes the answer in any case
     * @param executor as below
     */
    public SharedCalls(BiConsumer<K, CompletableFuture<T>> call, Executor executor) {
        this(call, (question, answer) -> {}, executor);
    }

    /**
     * Makes one that nobody has asked.
     *
     * @param call asks, and completes the answer in any case
     * @param bound called once for each answer, when it is asked for first, by that thread; gives
     *     the answer up when it takes too long, the waiting for the call before included
     * @param executor begins the next call, so that one that completes at once neither recurses nor
     *     holds up whoever waits for it
     */
    public SharedCalls(
            BiConsumer<K, CompletableFuture<T>> call,
            BiConsumer<K, CompletableFuture<T>> bound,
            Executor executor) {
        this.call = call;
        this.bound = bound;
        this.executor = executor;
    }

    /**
     * Asks, on the calling thread unless others are asking.
     *
     * @param question what is asked
     * @return the answer of a call that begins now or later
     */
    public CompletableFuture<T> ask(K question) {
        Asking<T> mine = new Asking<>();
        Asking<T> current =
                underWay.compute(
                        question,
                        (asked, now) -> {
                            if (now == null) {
                                return mine;
                            }
                            if (now.next == null || now.next.answer.isDone()) {
                                now.next = mine;
                            }
                            return now;
                        });
        Asking<T> next = current.next;
        if (current != mine && next != null) {
            if (next == mine) {
                pass(bound, question, mine);
            }
            return next.answer;
        }
        pass(bound, question, mine);
        begin(question, mine);
        return mine.answer;
    }

    private void begin(K question, Asking<T> asking) {
        var unused = asking.answer.whenComplete((answer, failure) -> over(question, asking));
        if (!asking.answer.isDone()) {
            pass(call, question, asking);
        }
    }

    private static <K, T> void pass(
            BiConsumer<K, CompletableFuture<T>> to, K question, Asking<T> asking) {
        try {
            to.accept(question, asking.answer);
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
