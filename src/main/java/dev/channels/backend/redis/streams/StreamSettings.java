package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.connection.RedisSettings;
import dev.channels.spi.BackendSettings;
import java.time.Duration;

/**
 * What the streams are configured with.
 *
 * @param redis what both backends are configured with
 * @param history how many events a stream keeps
 * @param trimming how exactly
 * @param ttl how long a stream lives after its last event; zero for ever
 * @param partitions over how many hash slots the channels are spread; 0 where keys need no hash tag
 *     of ours: without a cluster, or with one in the prefix
 */
public record StreamSettings(
        RedisSettings redis, long history, Trimming trimming, Duration ttl, int partitions) {

    private static final int DEFAULT_PARTITIONS = 16;

    /** How exactly a stream keeps to its length. */
    enum Trimming {
        /** To the event. */
        EXACT("="),
        /** By whole nodes of the stream's tree, so that up to about 100 events more are kept. */
        APPROXIMATE("~");

        private final String symbol;

        Trimming(String symbol) {
            this.symbol = symbol;
        }

        /** What XADD calls it. */
        String symbol() {
            return symbol;
        }
    }

    /** For what neither publishes nor subscribes. */
    public static StreamSettings of(RedisSettings redis) {
        return new StreamSettings(redis, 1, Trimming.EXACT, Duration.ZERO, 0);
    }

    /**
     * How long a head lives: longer than its stream, so that an expired stream is a gap only to
     * those who missed something of it. Zero for ever.
     */
    Duration headTtl() {
        return ttl.isZero() ? Duration.ZERO : ttl.plusDays(1);
    }

    public static StreamSettings read(BackendSettings settings) {
        RedisSettings redis = RedisSettings.read(settings);
        long partitions = settings.number("cluster-partitions", DEFAULT_PARTITIONS, 1, 16_384);
        boolean spread = redis.address().cluster() && !hasHashTag(redis.prefix());
        return new StreamSettings(
                redis,
                settings.number("history", 1000, 1, 1_000_000_000),
                settings.choice("trimming", Trimming.APPROXIMATE),
                settings.duration("stream-ttl", Duration.ZERO),
                spread ? (int) partitions : 0);
    }

    /** Whether a prefix puts all keys into one hash slot: the user's wish. */
    private static boolean hasHashTag(String prefix) {
        int open = prefix.indexOf('{');
        return open >= 0 && prefix.indexOf('}', open) > open + 1;
    }
}
