package dev.channels.config;

import java.time.Duration;

/**
 * The client endpoint; see {@link Key} for each key and its default.
 *
 * @param endpoint {@link Key#CLIENT_ENDPOINT}
 * @param path {@link Key#CLIENT_PATH}, beginning with a slash
 * @param pingInterval {@link Key#CLIENT_PING_INTERVAL}, whole seconds from one up
 * @param pongTimeout {@link Key#CLIENT_PONG_TIMEOUT}, shorter than the interval
 * @param connectTimeout {@link Key#CLIENT_CONNECT_TIMEOUT}
 * @param maxChannels {@link Key#CLIENT_MAX_CHANNELS}
 * @param maxMessageSize {@link Key#CLIENT_MAX_MESSAGE_SIZE}
 * @param maxCommandsPerSecond {@link Key#CLIENT_MAX_COMMANDS_PER_SECOND}
 * @param writeDelay {@link Key#CLIENT_WRITE_DELAY}
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
        Duration writeDelay) {}
