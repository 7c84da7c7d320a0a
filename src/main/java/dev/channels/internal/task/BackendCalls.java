package dev.channels.internal.task;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
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
    public static <T extends @Nullable Object> CompletionStage<T> call(
            Supplier<? extends @Nullable CompletionStage<T>> method) {
        try {
            CompletionStage<T> stage = method.get();
            return stage != null
                    ? stage
                    : CompletableFuture.failedFuture(
                            new NullPointerException("The backend returned no stage"));
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Finds out why a stage failed.
     *
     * @param failure what the stage completed with
     * @return the failure, without what the stages between here and there put around it
     */
    public static Throwable reason(Throwable failure) {
        Throwable reason = failure;
        while (reason instanceof CompletionException || reason instanceof ExecutionException) {
            Throwable cause = reason.getCause();
            if (cause == null) {
                return reason;
            }
            reason = cause;
        }
        return reason;
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
        Throwable cause = reason(failure);
        return cause instanceof ChannelsException known
                ? known
                : new ChannelsException(code, what + ": " + cause, cause);
    }
}
