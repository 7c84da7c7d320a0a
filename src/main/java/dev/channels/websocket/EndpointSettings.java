package dev.channels.websocket;

import dev.channels.SendMode;
import java.util.Set;

/**
 * What the endpoints are told of the configuration.
 *
 * @param basePath the path below which they are, beginning and ending with a slash
 * @param channels the declared channels, and families, which end in an asterisk
 * @param anyChannel whether every valid name is a channel
 * @param history how many events of history are sent on connect; negative for all
 * @param mode text or binary frames
 * @param maxMessageSize how long a message of a client may be, in characters or bytes
 */
public record EndpointSettings(
        String basePath,
        Set<String> channels,
        boolean anyChannel,
        int history,
        SendMode mode,
        int maxMessageSize) {}
