package dev.channels.backend.redis.connection;

import dev.channels.spi.Causes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** Watches over the answers of Redis. Touched by the loop only. */
final class AnswerGuard {

    /** The slowest way to Redis that is waited for: 1 MiB per second. */
    private static final long BYTES_PER_MILLISECOND = (1 << 20) / 1000;

    private final RedisSettings settings;
    private final RedisLoop loop;
    private final BiConsumer<Link, Throwable> lose;

    /** Bytes of payload on their way to Redis: an answer comes after all that was sent before. */
    private long unanswered;

    /**
     * Makes a guard.
     *
     * @param lose gives a link up that does not answer, or not as a link should
     */
    AnswerGuard(RedisSettings settings, RedisLoop loop, BiConsumer<Link, Throwable> lose) {
        this.settings = settings;
        this.loop = loop;
        this.lose = lose;
    }

    /** See {@link Connector#guard(Link, long, CompletionStage)}. */
    <T> CompletionStage<T> guard(Link used, long bytes, String what, CompletionStage<T> answer) {
        CompletableFuture<T> guarded = new CompletableFuture<>();
        unanswered += bytes;
        Duration patience =
                settings.commandTimeout().plusMillis(unanswered / BYTES_PER_MILLISECOND);
        Future<?> deadline =
                loop.schedule(
                        patience,
                        () -> {
                            TimeoutException late =
                                    new TimeoutException("no " + what + " in " + patience);
                            lose.accept(used, late);
                            guarded.completeExceptionally(
                                    RedisFailures.unavailable(settings.address(), late));
                        });
        loop.then(
                answer,
                (value, failure) -> {
                    deadline.cancel(false);
                    if (failure == null) {
                        guarded.complete(value);
                    } else {
                        guarded.completeExceptionally(failed(used, failure));
                    }
                });
        return guarded.whenComplete((value, failure) -> unanswered -= bytes);
    }

    private Throwable failed(Link used, Throwable failure) {
        if (!RedisFailures.passes(failure)) {
            return Causes.of(failure);
        }
        if (RedisFailures.endsLink(failure)) {
            lose.accept(used, failure);
        }
        return RedisFailures.unavailable(settings.address(), failure);
    }
}
