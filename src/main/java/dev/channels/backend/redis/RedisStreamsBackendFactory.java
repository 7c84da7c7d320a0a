package dev.channels.backend.redis;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the backend {@code redis-streams}: at least once within retention, with history.
 *
 * <p>Its keys, below {@code channels.redis-streams.}: those of {@link RedisPubSubBackendFactory},
 * where {@code uri} also chooses the database, and
 *
 * <dl>
 *   <dt>{@code history} (default {@code 1000})
 *   <dd>how many events a stream keeps: also how far a node can fall behind without a gap
 *   <dt>{@code trimming} (default {@code approximate})
 *   <dd>{@code exact} keeps exactly that many; {@code approximate} keeps up to about 100 more,
 *       which costs Redis less
 *   <dt>{@code retention} (default {@code 1d})
 *   <dd>how long after the last event of a channel its stream is kept, and at most a twentieth
 *       longer; {@code 0s} for ever
 *   <dt>{@code cluster-partitions} (default {@code 16})
 *   <dd>on Redis Cluster: over how many hash slots the channels are spread. The same on every node.
 *       A publication to several channels is atomic within a partition.
 * </dl>
 *
 * @see <a href="https://redis.io/docs/latest/develop/data-types/streams/">Redis streams</a>
 */
public final class RedisStreamsBackendFactory implements BackendFactory {

    private static final Set<String> KEYS =
            Stream.concat(
                            RedisPubSubBackendFactory.KEYS.stream(),
                            Stream.of("history", "trimming", "retention", "cluster-partitions"))
                    .collect(Collectors.toUnmodifiableSet());

    /** Makes a factory; called by {@link java.util.ServiceLoader}. */
    public RedisStreamsBackendFactory() {}

    @Override
    public String name() {
        return "redis-streams";
    }

    @Override
    public Set<String> keys() {
        return KEYS;
    }

    @Override
    public Set<String> policyKeys() {
        return Set.of("history", "retention");
    }

    @Override
    public ChannelsBackend create(BackendContext context) {
        if (!LettuceClient.isPresent()) {
            return LettuceClient.reportMissing(context.settings());
        }
        return RedisStreamsBackend.create(context);
    }
}
