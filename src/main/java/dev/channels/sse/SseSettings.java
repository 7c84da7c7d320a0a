package dev.channels.sse;

import java.time.Duration;

/**
 * What the door is told of the configuration.
 *
 * @param path where it is, within the application
 * @param maxChannels how many channels one response may have
 * @param pingInterval after which silence a comment is sent
 */
public record SseSettings(String path, int maxChannels, Duration pingInterval) {}
