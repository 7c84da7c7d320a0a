package dev.channels.backend.redis;

import dev.channels.backend.redis.connection.RedisSettings;
import dev.channels.backend.redis.pubsub.PubSubRun;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelsBackend;
import java.util.concurrent.Executor;

/**
 * Publishes with PUBLISH and receives with SUBSCRIBE: at most once, in order, no history. What is
 * published while a node is away from Redis, that node never gets. What a cluster loses on the way
 * is a gap, told with the next event of the publisher.
 *
 * <p>A completed publish stage means that Redis has handed the event to every node connected to it
 * at that moment; nothing is stored. A payload of more than 8 MiB is rejected.
 *
 * @see <a href="https://redis.io/docs/latest/develop/pubsub/">Redis Pub/Sub</a>
 */
final class RedisPubSubBackend extends RedisBackend<PubSubRun> {

    private final RedisSettings settings;
    private final Executor executor;

    private RedisPubSubBackend(RedisSettings settings, Executor executor) {
        this.settings = settings;
        this.executor = executor;
    }

    static ChannelsBackend create(BackendContext context) {
        return new RedisPubSubBackend(RedisSettings.read(context.settings()), context.executor());
    }

    @Override
    PubSubRun run(BackendSink sink) {
        return new PubSubRun(settings, sink, executor);
    }

    @Override
    public String toString() {
        return "redis-pubsub at " + settings.address();
    }
}
