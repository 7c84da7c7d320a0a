package dev.channels.internal.publish;

import dev.channels.spi.Publication;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One accepted publish on its way to the broker, with the promise to its caller. */
final class PendingPublish extends Publication {

    /** Completed when it is settled; null where nobody asked. */
    final @Nullable CompletableFuture<Void> promise;

    /** When it was accepted, by the clock of {@link System#nanoTime}; 0 where nobody measures. */
    final long acceptedAt;

    PendingPublish(
            long sequence,
            long acceptedAt,
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        super(sequence, payload, channels, headers);
        this.acceptedAt = acceptedAt;
        this.promise = promise;
    }
}
