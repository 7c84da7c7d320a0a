package dev.channels.backend.memory;

import java.time.Duration;

/**
 * How much history the memory backend keeps.
 *
 * @param events how many events of each channel, 0 to 1,000,000; with 0 there is no history
 * @param maxBytes how many bytes the events of all channels may take, from 1 up; past it, the
 *     channels that were published to longest ago lose their oldest events
 * @param unused how long after its last event a channel without subscribers is forgotten, longer
 *     than nothing; seen when something is published
 */
public record MemoryRetention(int events, long maxBytes, Duration unused) {

    /**
     * Makes a retention.
     *
     * @param events how many events of each channel
     * @param maxBytes how many bytes the events of all channels may take
     * @param unused how long after its last event a channel without subscribers is forgotten
     * @throws IllegalArgumentException if one is out of range
     */
    public MemoryRetention {
        if (events < 0 || events > MemoryKeys.MAX_EVENTS) {
            throw new IllegalArgumentException(
                    "The history of a memory backend is 0 to "
                            + MemoryKeys.MAX_EVENTS
                            + " events per channel, not "
                            + events);
        }
        if (maxBytes < 1 || unused.isNegative() || unused.isZero()) {
            throw new IllegalArgumentException(
                    "The history of a memory backend has a bound in bytes and an age, not "
                            + maxBytes
                            + " bytes and "
                            + unused);
        }
    }

    /**
     * Keeps a number of events of each channel, within the default bounds for all of them.
     *
     * @param events how many, 0 to 1,000,000
     * @return the retention
     * @throws IllegalArgumentException if the number is out of range
     */
    public static MemoryRetention of(int events) {
        return new MemoryRetention(
                events,
                MemoryKeys.HISTORY_MAX_BYTES.defaultValue(),
                MemoryKeys.RETENTION.defaultValue());
    }

    /** Returns what holds for channels that no policy names. */
    ChannelRetention standard() {
        return new ChannelRetention(events, unused);
    }
}
