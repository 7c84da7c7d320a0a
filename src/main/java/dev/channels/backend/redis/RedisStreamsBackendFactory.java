package dev.channels.backend.redis;

import dev.channels.backend.redis.connection.RedisConfigKeys;
import dev.channels.backend.redis.streams.StreamConfigKeys;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Key;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the backend {@code redis-streams}: at least once within retention, with history.
 *
 * <p>Its keys are below {@code channels.redis-streams.}; the documentation's page on Redis lists
 * them.
 *
 * @see <a href="https://redis.io/docs/latest/develop/data-types/streams/">Redis streams</a>
 */
public final class RedisStreamsBackendFactory implements BackendFactory {

    private static final List<Key<?>> KEYS =
            Stream.concat(RedisConfigKeys.ALL.stream(), StreamConfigKeys.ALL.stream()).toList();

    /** Makes a factory; called by {@link java.util.ServiceLoader}. */
    public RedisStreamsBackendFactory() {}

    @Override
    public String name() {
        return "redis-streams";
    }

    @Override
    public List<Key<?>> keys() {
        return KEYS;
    }

    @Override
    public List<Key<?>> policyKeys() {
        return StreamConfigKeys.OF_POLICIES;
    }

    @Override
    public ChannelsBackend create(BackendContext context) {
        if (!LettuceClient.isPresent()) {
            return LettuceClient.reportMissing(context.settings());
        }
        return RedisStreamsBackend.create(context);
    }
}
