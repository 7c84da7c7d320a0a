package dev.channels.backend.memory;

import java.time.Duration;

/**
 * How much history the memory backend keeps of a channel.
 *
 * @param events how many events; with 0 none
 * @param unused how long after its last event a channel without subscribers is forgotten
 */
record ChannelRetention(int events, Duration unused) {

    boolean keepsEvents() {
        return events > 0;
    }
}
