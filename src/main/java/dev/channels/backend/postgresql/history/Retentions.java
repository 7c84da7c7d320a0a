package dev.channels.backend.postgresql.history;

import dev.channels.spi.ChannelRules;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How much is kept of which channel.
 *
 * @param standard of channels that no policy names
 * @param policies of the others
 */
public record Retentions(ChannelRetention standard, ChannelRules<ChannelRetention> policies) {

    /** Returns how much is kept of a channel. */
    ChannelRetention of(String channel) {
        return policies.of(channel, standard);
    }

    /** Returns how long any event is kept at most. */
    Duration longest() {
        return Stream.concat(Stream.of(standard), policies.values())
                .map(ChannelRetention::retention)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
