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
 * @param retention how long a stream lives after its last event; zero for ever
 * @param partitions over how many hash slots the channels are spread; 0 where keys need no hash tag
 *     of ours: without a cluster, or with one in the prefix
 */
public record StreamSettings(
        RedisSettings redis, long history, Trimming trimming, Duration retention, int partitions) {

    private static final int DEFAULT_PARTITIONS = 16;
    private static final Duration DEFAULT_RETENTION = Duration.ofDays(1);
    private static final Duration SHORTEST_RETENTION = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETENTION = Duration.ofDays(3650);

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
        return retention.isZero()
                ? Duration.ZERO
                : retention.plus(retention.dividedBy(20)).plusDays(1);
    }

    public static StreamSettings read(BackendSettings settings) {
        RedisSettings redis = RedisSettings.read(settings);
        long partitions = settings.number("cluster-partitions", DEFAULT_PARTITIONS, 1, 16_384);
        boolean spread = redis.address().cluster() && !hasHashTag(redis.prefix());
        return new StreamSettings(
                redis,
                settings.number("history", 1000, 1, 1_000_000_000),
                settings.choice("trimming", Trimming.APPROXIMATE),
                retention(settings),
                spread ? (int) partitions : 0);
    }

    /** A stream that nobody uses must not stay for ever, unless somebody wants that. */
    private static Duration retention(BackendSettings settings) {
        Duration retention = settings.duration("retention", DEFAULT_RETENTION);
        boolean tooShort = !retention.isZero() && retention.compareTo(SHORTEST_RETENTION) < 0;
        if (tooShort || retention.compareTo(LONGEST_RETENTION) > 0) {
            settings.problem(
                    "retention",
                    "is not between 1s and 3650d",
                    "set it to a duration like 1d, or to 0s to keep streams for ever");
            return DEFAULT_RETENTION;
        }
        return retention;
    }

    /** Whether a prefix puts all keys into one hash slot: the user's wish. */
    private static boolean hasHashTag(String prefix) {
        int open = prefix.indexOf('{');
        return open >= 0 && prefix.indexOf('}', open) > open + 1;
    }
}
