package dev.channels.backend.redis.connection;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a backend. State that only tasks of the loop touch needs no lock. Its methods
 * may be called by any thread.
 */
public final class RedisLoop {

    private volatile @Nullable EventLoop loop;

    /** Makes a loop that runs nothing yet. */
    RedisLoop() {}

    /** Runs tasks from now on. */
    void use(EventLoop begun) {
        loop = begun;
    }

    /**
     * Runs a task on the loop.
     *
     * @return whether it will run: not before the start, nor after the stop
     */
    boolean execute(Runnable task) {
        EventLoop running = loop;
        if (running == null) {
            return false;
        }
        try {
            running.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /**
     * Runs a task on the loop that completes a stage, now or later, or fails it by throwing.
     *
     * @return the stage; it fails at once where the loop does not run
     */
    public <T> CompletionStage<T> call(Consumer<CompletableFuture<T>> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Runnable caught =
                () -> {
                    try {
                        task.accept(done);
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                };
        if (!execute(caught)) {
            done.completeExceptionally(new IllegalStateException("The backend is not running"));
        }
        return done;
    }

    /** Runs a task later; for tasks of the loop only. */
    Future<?> schedule(Duration delay, Runnable task) {
        return Objects.requireNonNull(loop).schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs a task later that nobody cancels: it sees for itself whether its time has passed. */
    void after(Duration delay, Runnable task) {
        Future<?> unused = schedule(delay, task);
    }

    /** Goes on with the outcome of a stage on the loop, at once where this is the loop. */
    <T> void then(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> next) {
        stage.whenComplete(
                (value, failure) -> {
                    if (Objects.requireNonNull(loop).inEventLoop()) {
                        next.accept(value, failure);
                    } else {
                        execute(() -> next.accept(value, failure));
                    }
                });
    }
}
