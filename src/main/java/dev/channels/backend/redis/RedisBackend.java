package dev.channels.backend.redis;

import dev.channels.backend.redis.command.RedisRun;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.PresenceOfRun;
import dev.channels.spi.Publication;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A backend that has one run from each start to the next stop.
 *
 * @param <T> the run
 */
abstract class RedisBackend<T extends RedisRun> implements ChannelsBackend {

    private volatile @Nullable T run;
    private final Optional<ChannelPresence> presence =
            Optional.of(new PresenceOfRun(() -> running().presence()));

    /** Makes the run of a start, not yet connected. */
    abstract T run(BackendSink sink);

    /** Returns the run of the start that was last. */
    final T running() {
        T running = run;
        if (running == null) {
            throw new IllegalStateException("The backend is not started");
        }
        return running;
    }

    @Override
    public final CompletionStage<Void> start(BackendSink sink) {
        T begun = run(sink);
        run = begun;
        return begun.connector().start();
    }

    @Override
    public final CompletionStage<Void> stop() {
        T ended = run;
        run = null;
        return ended == null ? CompletableFuture.completedFuture(null) : ended.connector().stop();
    }

    @Override
    public final Optional<ChannelPresence> presence() {
        return presence;
    }

    @Override
    public final CompletionStage<Void> publish(List<Publication> batch) {
        return running().publish(batch);
    }

    @Override
    public final CompletionStage<Void> subscribe(Set<String> channels) {
        return running().subscribe(channels);
    }

    @Override
    public final CompletionStage<Void> unsubscribe(Set<String> channels) {
        return running().unsubscribe(channels);
    }
}
