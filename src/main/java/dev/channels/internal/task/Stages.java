package dev.channels.internal.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How stages are shown to the application. */
public final class Stages {

    private Stages() {}

    /**
     * Returns a stage that is not the application's to complete, and whose dependents run on an
     * executor: one that waits would otherwise hold up the thread that completes the stage, which
     * may be the only one that a broker's client or a drain has. Where the stage is complete
     * already they run on the thread that chains them, as ever.
     *
     * @param <T> what it completes with
     * @param stage the library's own
     * @param executor runs what depends on it
     * @return the application's
     */
    public static <T extends @Nullable Object> CompletionStage<T> shown(
            CompletableFuture<T> stage, Executor executor) {
        CompletableFuture<T> told =
                stage.isDone() ? stage : stage.whenCompleteAsync((v, failure) -> {}, executor);
        return told.minimalCompletionStage();
    }
}
