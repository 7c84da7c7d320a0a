package dev.channels.config;

import java.time.Duration;

/**
 * The client endpoint; see {@link Keys} for each key and its default.
 *
 * @param endpoint {@link Keys#CLIENT_ENDPOINT}
 * @param path {@link Keys#CLIENT_PATH}, beginning with a slash
 * @param pingInterval {@link Keys#CLIENT_PING_INTERVAL}, whole seconds from one up
 * @param pongTimeout {@link Keys#CLIENT_PONG_TIMEOUT}, shorter than the interval
 * @param connectTimeout {@link Keys#CLIENT_CONNECT_TIMEOUT}
 * @param maxChannels {@link Keys#CLIENT_MAX_CHANNELS}
 * @param maxMessageSize {@link Keys#CLIENT_MAX_MESSAGE_SIZE}
 * @param maxCommandsPerSecond {@link Keys#CLIENT_MAX_COMMANDS_PER_SECOND}
 * @param maxPublishesPerSecond {@link Keys#CLIENT_MAX_PUBLISHES_PER_SECOND}
 * @param writeDelay {@link Keys#CLIENT_WRITE_DELAY}
 */
public record ClientConfig(
        boolean endpoint,
        String path,
        Duration pingInterval,
        Duration pongTimeout,
        Duration connectTimeout,
        int maxChannels,
        int maxMessageSize,
        int maxCommandsPerSecond,
        int maxPublishesPerSecond,
        Duration writeDelay) {}
