package dev.channels.sse;

import java.time.Duration;
import java.util.Set;

/**
 * What the door is told of the configuration.
 *
 * @param path where it is, within the application
 * @param channels the declared channels, and families, which end in an asterisk
 * @param anyChannel whether every valid name is a channel
 * @param maxChannels how many channels one response may have
 * @param pingInterval after which silence a comment is sent
 */
public record SseSettings(
        String path,
        Set<String> channels,
        boolean anyChannel,
        int maxChannels,
        Duration pingInterval) {}
