package dev.channels.backend.redis.connection;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Redis client on a thread of its own: to load its classes alone takes a good part of a
 * second. A stop that comes meanwhile waits for the client, in order to end it.
 */
final class ClientStart {

    /** The threads of the client, and the client; without the latter where it could not be made. */
    record Client(RedisThreads threads, @Nullable LinkOpener opener) {

        CompletionStage<Void> shutdown() {
            CompletionStage<Void> closed =
                    opener == null ? CompletableFuture.completedStage(null) : opener.shutdown();
            return closed.handle((done, failure) -> threads.shutdown())
                    .thenCompose(Function.identity());
        }
    }

    private final RedisAddress address;
    private final CompletableFuture<Optional<Client>> made = new CompletableFuture<>();
    private final CompletableFuture<LinkOpener> opener = new CompletableFuture<>();

    ClientStart(RedisAddress address) {
        this.address = address;
    }

    /** Begins; returns the opener of links, or why there is none. */
    CompletionStage<LinkOpener> begin(RedisLoop loop) {
        Thread thread = new Thread(() -> make(loop), "channels-redis-start");
        thread.setDaemon(true);
        thread.setContextClassLoader(ClientStart.class.getClassLoader());
        try {
            thread.start();
        } catch (Throwable failure) {
            made.complete(Optional.empty());
            opener.completeExceptionally(failure);
        }
        return opener;
    }

    /** Completes when the client is there; empty where there is none to be ended. */
    CompletionStage<Optional<Client>> client() {
        return made;
    }

    private void make(RedisLoop loop) {
        RedisThreads threads;
        try {
            threads = new RedisThreads();
        } catch (Throwable failure) {
            made.complete(Optional.empty());
            opener.completeExceptionally(failure);
            return;
        }
        loop.use(threads.loop());
        try {
            LinkOpener opens =
                    address.cluster()
                            ? new ClusterRedis(threads.resources(), address.uris())
                            : new SingleRedis(threads.resources(), address.uris().get(0));
            // A stop that waits is first: it finds nothing opened.
            made.complete(Optional.of(new Client(threads, opens)));
            opener.complete(opens);
        } catch (Throwable failure) {
            made.complete(Optional.of(new Client(threads, null)));
            opener.completeExceptionally(failure);
        }
    }
}
