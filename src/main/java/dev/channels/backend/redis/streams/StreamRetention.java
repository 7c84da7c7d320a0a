package dev.channels.backend.redis.streams;

import dev.channels.spi.BackendSettings;
import java.time.Duration;

/**
 * How much is kept of a channel.
 *
 * @param history how many events its stream keeps
 * @param retention how long the stream lives after its last event; zero for ever
 */
record StreamRetention(long history, Duration retention) {

    static final StreamRetention DEFAULT =
            new StreamRetention(
                    StreamConfigKeys.HISTORY.defaultValue(),
                    StreamConfigKeys.RETENTION.defaultValue());

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Reads one; what is not set is as in another one. */
    static StreamRetention read(BackendSettings settings, StreamRetention otherwise) {
        return new StreamRetention(
                settings.find(StreamConfigKeys.HISTORY).orElse(otherwise.history),
                retention(settings, otherwise.retention));
    }

    /** A stream that nobody uses must not stay for ever, unless somebody wants that. */
    private static Duration retention(BackendSettings settings, Duration otherwise) {
        Duration retention = settings.find(StreamConfigKeys.RETENTION).orElse(otherwise);
        if (!retention.isZero() && retention.compareTo(SHORTEST) < 0) {
            settings.problem(
                    StreamConfigKeys.RETENTION,
                    "is not between 1s and 3650d",
                    "set it to a duration like 1d, or to 0s to keep streams for ever");
            return otherwise;
        }
        return retention;
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
}
