package dev.channels.endpoint;

import java.time.Duration;

/**
 * What all doors are told of the configuration.
 *
 * @param sendTimeout how long sends to one connection may be in flight without one of them ending
 * @param pingInterval how often a WebSocket client is pinged; zero for never
 */
public record DoorSettings(Duration sendTimeout, Duration pingInterval) {

    /** Returns the shortest time after which a connection wants to be looked at. */
    Duration shortest() {
        boolean pingsComeFirst = !pingInterval.isZero() && pingInterval.compareTo(sendTimeout) < 0;
        return pingsComeFirst ? pingInterval : sendTimeout;
    }
}
