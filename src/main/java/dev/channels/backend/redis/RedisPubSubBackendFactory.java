package dev.channels.backend.redis;

import dev.channels.backend.redis.connection.RedisConfigKeys;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Key;
import java.util.List;

/**
 * Makes the backend {@code redis-pubsub}: lowest latency, at most once, no history.
 *
 * <p>Its keys are below {@code channels.redis-pubsub.}; the documentation's page on Redis lists
 * them.
 *
 * @see <a href="https://redis.io/docs/latest/develop/pubsub/">Redis Pub/Sub</a>
 */
public final class RedisPubSubBackendFactory implements BackendFactory {

    /** Makes a factory; called by {@link java.util.ServiceLoader}. */
    public RedisPubSubBackendFactory() {}

    @Override
    public String name() {
        return "redis-pubsub";
    }

    @Override
    public List<Key<?>> keys() {
        return RedisConfigKeys.ALL;
    }

    @Override
    public ChannelsBackend create(BackendContext context) {
        if (!LettuceClient.isPresent()) {
            return LettuceClient.reportMissing(context.settings());
        }
        return RedisPubSubBackend.create(context);
    }
}
