package dev.channels.internal;

import dev.channels.spi.Publication;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One accepted publish on its way to the broker.
 *
 * @param publication what is published
 * @param promise completed when it is settled, or null where nobody asked
 */
record PendingPublish(Publication publication, @Nullable CompletableFuture<Void> promise) {}
