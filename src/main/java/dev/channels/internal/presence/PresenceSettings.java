package dev.channels.internal.presence;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * What is told of the configuration.
 *
 * @param kept whether it is kept who is there in a channel
 * @param timeout how long after the end of a node its clients are gone at the latest
 */
public record PresenceSettings(Predicate<String> kept, Duration timeout) {

    /** Where it is kept for no channel. */
    public static final PresenceSettings NONE =
            new PresenceSettings(channel -> false, Duration.ofMinutes(1));

    /**
     * How often this node says that it is there: at most so long after a lifetime is over, the
     * other nodes are told.
     */
    Duration interval() {
        return timeout.dividedBy(5);
    }

    /** How long what a node has said lasts; some of its words may come late. */
    Duration lifetime() {
        return interval().multipliedBy(4);
    }
}
