package dev.channels.backend.memory;

import dev.channels.spi.ChannelRules;

/**
 * How much history the memory backend keeps of which channel.
 *
 * @param standard of channels that no policy names, and the bytes of all
 * @param policies of the others
 */
record Retentions(MemoryRetention standard, ChannelRules<ChannelRetention> policies) {

    static Retentions of(MemoryRetention standard) {
        return new Retentions(standard, ChannelRules.none());
    }

    ChannelRetention of(String channel) {
        return policies.of(channel, standard.standard());
    }

    long maxBytes() {
        return standard.maxBytes();
    }

    /** Tells whether there are channels that keep events. */
    boolean keepsEvents() {
        return standard.events() > 0 || policies.values().anyMatch(ChannelRetention::keepsEvents);
    }
}
