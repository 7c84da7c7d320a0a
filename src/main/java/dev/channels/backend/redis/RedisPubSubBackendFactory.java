package dev.channels.backend.redis;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import java.util.Set;

/**
 * Makes the backend {@code redis-pubsub}: lowest latency, at most once, no history.
 *
 * <p>Its keys, below {@code channels.redis-pubsub.}:
 *
 * <dl>
 *   <dt>{@code uri} (default {@code redis://localhost:6379})
 *   <dd>where Redis is: {@code redis://[[user]:password@]host[:port][/database]}, {@code rediss://}
 *       with TLS, {@code redis-sentinel://host1,host2/database#master}, {@code
 *       redis-cluster://host1:port,host2:port}. Pub/Sub ignores the database.
 *   <dt>{@code key-prefix} (default {@code channels})
 *   <dd>keeps applications on one Redis apart: the channel {@code news} is the Redis channel {@code
 *       channels/news}
 *   <dt>{@code connect-timeout} (default {@code 10s})
 *   <dd>how long one attempt to connect may take
 *   <dt>{@code command-timeout} (default {@code 5s})
 *   <dd>how long an answer may take before the connection counts as lost
 *   <dt>{@code heartbeat} (default {@code 5s})
 *   <dd>how often an idle connection is probed
 *   <dt>{@code reconnect-max-delay} (default {@code 5s})
 *   <dd>the greatest delay between two attempts to reconnect
 * </dl>
 *
 * @see <a href="https://redis.io/docs/latest/develop/pubsub/">Redis Pub/Sub</a>
 */
public final class RedisPubSubBackendFactory implements BackendFactory {

    /** What the other backend over Redis has too. */
    static final Set<String> KEYS =
            Set.of(
                    "uri",
                    "key-prefix",
                    "connect-timeout",
                    "command-timeout",
                    "heartbeat",
                    "reconnect-max-delay");

    /** Makes a factory; called by {@link java.util.ServiceLoader}. */
    public RedisPubSubBackendFactory() {}

    @Override
    public String name() {
        return "redis-pubsub";
    }

    @Override
    public Set<String> keys() {
        return KEYS;
    }

    @Override
    public ChannelsBackend create(BackendContext context) {
        if (!LettuceClient.isPresent()) {
            return LettuceClient.reportMissing(context.settings());
        }
        return RedisPubSubBackend.create(context);
    }
}
