package dev.channels.internal.presence;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers the same question of many with few calls: one per channel is under way, and whoever asks
 * meanwhile shares the one after it.
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
 * @param <T> what the answer is
 */
final class SharedQuestions<T> {

    private final BiConsumer<String, CompletableFuture<T>> call;
    private final ConcurrentMap<String, Asking<T>> underWay = new ConcurrentHashMap<>();

    /** One call. */
    private static final class Asking<T> {
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        /** Written inside {@code compute} only, and never once this is not under way. */
        private @Nullable Asking<T> next;
    }

    /**
     * Makes one that nobody has asked.
     *
     * @param call asks about a channel, and completes the answer in any case
     */
    SharedQuestions(BiConsumer<String, CompletableFuture<T>> call) {
        this.call = call;
    }

    CompletableFuture<T> ask(String channel) {
        Asking<T> first = new Asking<>();
        Asking<T> current =
                underWay.compute(
                        channel,
                        (name, now) -> {
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
        begin(channel, first);
        return first.answer;
    }

    private void begin(String channel, Asking<T> asking) {
        var unused = asking.answer.whenComplete((answer, failure) -> over(channel, asking));
        call.accept(channel, asking.answer);
    }

    private void over(String channel, Asking<T> asking) {
        underWay.compute(channel, (name, now) -> now == asking ? asking.next : now);
        Asking<T> next = asking.next;
        if (next != null) {
            begin(channel, next);
        }
    }
}
