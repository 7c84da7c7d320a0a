package dev.channels.cdi.event;

import dev.channels.spi.ChannelsBackend;

/**
 * What the backend can do for observers.
 *
 * @param name the value of {@code channels.backend}
 * @param history whether it keeps one
 * @param leases whether one node at a time can call an observer
 * @param discovery whether it tells of channels in which something is published
 */
record ObservedBackend(String name, boolean history, boolean leases, boolean discovery) {

    /** Returns what a backend can do. */
    static ObservedBackend of(String name, ChannelsBackend backend) {
        return new ObservedBackend(
                name,
                backend.history().isPresent(),
                backend.leases().isPresent(),
                backend.discovery().isPresent());
    }
}
