package dev.channels.backend.redis.command;

import dev.channels.spi.Causes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Works on stages. */
public final class Stages {

    private Stages() {}

    /** Completes one stage as the other does. */
    public static <T> void forward(CompletionStage<T> from, CompletableFuture<T> to) {
        from.whenComplete(
                (value, failure) -> {
                    if (failure == null) {
                        to.complete(value);
                    } else {
                        to.completeExceptionally(Causes.of(failure));
                    }
                });
    }
}
