package dev.channels.endpoint.policy;

import java.time.Duration;
import java.util.List;

/**
 * What all doors are told of the configuration.
 *
 * @param sendTimeout how long sends to one connection may be in flight without one of them ending
 * @param pingInterval how often a WebSocket client is pinged; zero for never
 * @param allowedOrigins {@code same-origin}, {@code *}, or origins; validated
 * @param trustForwardedHeaders whether a proxy says in headers what the client sees
 * @param maxConnections how many connections there may be
 * @param maxConnectionsPerCaller how many each caller may have who is not anonymous
 * @param maxConnectionsPerAddress how many may come from each address
 * @param maxChannels how many undeclared channels clients may bring into being
 * @param policies what callers may do
 * @param channels which channels clients can name
 */
public record DoorSettings(
        Duration sendTimeout,
        Duration pingInterval,
        List<String> allowedOrigins,
        boolean trustForwardedHeaders,
        int maxConnections,
        int maxConnectionsPerCaller,
        int maxConnectionsPerAddress,
        int maxChannels,
        Policies policies,
        ClientChannels channels) {

    /** Returns the shortest time after which a connection wants to be looked at. */
    public Duration shortest() {
        boolean pingsComeFirst = !pingInterval.isZero() && pingInterval.compareTo(sendTimeout) < 0;
        return pingsComeFirst ? pingInterval : sendTimeout;
    }
}
