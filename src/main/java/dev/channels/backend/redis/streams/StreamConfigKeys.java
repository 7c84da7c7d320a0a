package dev.channels.backend.redis.streams;

import dev.channels.spi.Key;
import java.time.Duration;
import java.util.List;

/** The keys that {@code redis-streams} has of its own. */
public final class StreamConfigKeys {

    static final Key<Long> HISTORY =
            Key.number("history", "1000", 1, 1_000_000_000, "how many events a stream keeps");

    static final Key<Trimming> TRIMMING =
            Key.choice(
                    "trimming", Trimming.APPROXIMATE, "how exactly a stream keeps to its length");

    static final Key<Duration> RETENTION =
            Key.duration(
                    "retention",
                    "1d",
                    "0s",
                    "3650d",
                    "how long after its last event a stream is kept");

    static final Key<Integer> CLUSTER_PARTITIONS =
            Key.integer(
                    "cluster-partitions",
                    "16",
                    1,
                    16_384,
                    "over how many hash slots the channels are spread");

    /** Those that a policy may have too. */
    public static final List<Key<?>> OF_POLICIES = List.of(HISTORY, RETENTION);

    /** All of them. */
    public static final List<Key<?>> ALL =
            List.of(HISTORY, TRIMMING, RETENTION, CLUSTER_PARTITIONS);

    private StreamConfigKeys() {}
}
