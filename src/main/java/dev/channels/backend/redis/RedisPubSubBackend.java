package dev.channels.backend.redis;

import dev.channels.spi.BackendSettings;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes with PUBLISH and receives with SUBSCRIBE: at most once, in order, no history. What is
 * published while a node is away from Redis, that node never gets.
 *
 * <p>A completed publish stage means that Redis has handed the event to every node connected to it
 * at that moment; nothing is stored. A payload of more than 8 MiB is rejected.
 *
 * @see <a href="https://redis.io/docs/latest/develop/pubsub/">Redis Pub/Sub</a>
 */
final class RedisPubSubBackend implements ChannelsBackend {

    private final RedisSettings settings;
    private volatile @Nullable PubSubTraffic traffic;

    private RedisPubSubBackend(RedisSettings settings) {
        this.settings = settings;
    }

    static ChannelsBackend create(BackendSettings settings) {
        return new RedisPubSubBackend(RedisSettings.read(settings));
    }

    @Override
    public CompletionStage<Void> start(BackendSink sink) {
        PubSubTraffic begun = new PubSubTraffic(settings, sink);
        traffic = begun;
        return begun.connector().start();
    }

    @Override
    public CompletionStage<Void> stop() {
        PubSubTraffic ended = traffic;
        traffic = null;
        return ended == null ? CompletableFuture.completedFuture(null) : ended.connector().stop();
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return running().publish(batch);
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> channels) {
        return running().subscribe(channels);
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> channels) {
        return running().unsubscribe(channels);
    }

    private PubSubTraffic running() {
        PubSubTraffic running = traffic;
        if (running == null) {
            throw new IllegalStateException("The backend is not started");
        }
        return running;
    }

    @Override
    public String toString() {
        return "redis-pubsub at " + settings.address();
    }
}
