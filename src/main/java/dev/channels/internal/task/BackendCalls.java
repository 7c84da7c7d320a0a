package dev.channels.internal.task;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.Causes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a backend is called, whoever wrote it. */
public final class BackendCalls {

    private BackendCalls() {}

    /**
     * Calls a backend.
     *
     * @param <T> what the stage completes with
     * @param method calls it
     * @return its stage; a failed one for what it throws, and for a null
     */
    public static <T extends @Nullable Object> CompletableFuture<T> call(
            Supplier<? extends @Nullable CompletionStage<T>> method) {
        try {
            CompletionStage<T> stage = method.get();
            return stage != null
                    ? future(stage)
                    : CompletableFuture.failedFuture(
                            new NullPointerException("The backend returned no stage"));
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <T extends @Nullable Object> CompletableFuture<T> future(
            CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture();
        } catch (UnsupportedOperationException e) {
            // A stage may refuse it.
            CompletableFuture<T> future = new CompletableFuture<>();
            var unused =
                    stage.whenComplete(
                            (result, failure) -> {
                                if (failure == null) {
                                    future.complete(result);
                                } else {
                                    future.completeExceptionally(failure);
                                }
                            });
            return future;
        }
    }

    /**
     * Returns why a call failed.
     *
     * @param done a future that is complete
     * @return what it completed with, or null if it did not fail
     */
    public static @Nullable Throwable failureOf(CompletableFuture<?> done) {
        // Not get or join: they put an exception around it, which asks it for its text.
        return done.isCompletedExceptionally() ? done.handle((v, failure) -> failure).join() : null;
    }

    /**
     * Makes an exception of this library of a failure.
     *
     * @param code the code of a new one
     * @param what the message of a new one
     * @param failure what a stage completed with
     * @return the exception of this library behind it, or a new one around it
     */
    public static ChannelsException failed(ErrorCode code, String what, Throwable failure) {
        Throwable cause = Causes.of(failure);
        return cause instanceof ChannelsException known
                ? known
                : new ChannelsException(code, what + ": " + text(cause), cause);
    }

    /** Whoever wrote an exception, its text costs no thread. */
    private static String text(Throwable cause) {
        try {
            return cause.toString();
        } catch (Throwable e) {
            return cause.getClass().getName();
        }
    }
}
