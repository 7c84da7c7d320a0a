package dev.channels.internal;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a backend is called, whoever wrote it. */
final class BackendCalls {

    private BackendCalls() {}

    /** Calls a backend; what it throws, or a null, becomes a failed stage. */
    static <T extends @Nullable Object> CompletionStage<T> call(
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

    /** Returns why a stage failed, without what the stages between here and there put around it. */
    static Throwable reason(Throwable failure) {
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

    /** Returns the exception of this library behind a failure, or a new one around it. */
    static ChannelsException failed(ErrorCode code, String what, Throwable failure) {
        Throwable cause = reason(failure);
        return cause instanceof ChannelsException known
                ? known
                : new ChannelsException(code, what + ": " + cause, cause);
    }
}
