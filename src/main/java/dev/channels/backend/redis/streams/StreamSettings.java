package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.connection.RedisSettings;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;

/**
 * What the streams are configured with.
 *
 * @param redis what both backends are configured with
 * @param standard how much is kept of channels that no policy names
 * @param policies how much of the others
 * @param trimming how exactly a stream keeps to its length
 * @param partitions over how many hash slots the channels are spread; 0 where keys need no hash tag
 *     of ours: without a cluster, or with one in the prefix
 */
public record StreamSettings(
        RedisSettings redis,
        StreamRetention standard,
        ChannelRules<StreamRetention> policies,
        Trimming trimming,
        int partitions) {

    /** For what neither publishes nor subscribes. */
    public static StreamSettings of(RedisSettings redis) {
        return new StreamSettings(
                redis, StreamRetention.DEFAULT, ChannelRules.none(), Trimming.EXACT, 0);
    }

    /** How much is kept of a channel. */
    StreamRetention retention(String channel) {
        return policies.of(channel, standard);
    }

    public static StreamSettings read(
            BackendSettings settings, ChannelRules<BackendSettings> policies) {
        RedisSettings redis = RedisSettings.read(settings);
        int partitions = settings.get(StreamConfigKeys.CLUSTER_PARTITIONS);
        boolean spread = redis.address().cluster() && !hasHashTag(redis.prefix());
        StreamRetention standard = StreamRetention.read(settings, StreamRetention.DEFAULT);
        return new StreamSettings(
                redis,
                standard,
                policies.map(policy -> StreamRetention.read(policy, standard)),
                settings.get(StreamConfigKeys.TRIMMING),
                spread ? partitions : 0);
    }

    /** Whether a prefix puts all keys into one hash slot: the user's wish. */
    private static boolean hasHashTag(String prefix) {
        int open = prefix.indexOf('{');
        return open >= 0 && prefix.indexOf('}', open) > open + 1;
    }
}
