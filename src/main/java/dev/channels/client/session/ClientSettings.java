package dev.channels.client.session;

import java.time.Duration;

/**
 * What the client endpoint is told of the configuration.
 *
 * @param path where it is, within the application
 * @param pingInterval how often a client is asked for a sign of life; whole seconds, at least one
 * @param pongTimeout how long it may take to give it
 * @param connectTimeout how long it may take to say connect
 * @param maxChannels to how many channels it may subscribe
 * @param maxMessageSize how long a frame of it may be, in characters or bytes
 * @param maxCommandsPerSecond how many commands it may send in the long run
 * @param maxPublishesPerSecond how many of them may be publishes, at once too
 * @param writeDelay how long a message may wait for others to share its frame; zero for not at all
 */
public record ClientSettings(
        String path,
        Duration pingInterval,
        Duration pongTimeout,
        Duration connectTimeout,
        int maxChannels,
        int maxMessageSize,
        int maxCommandsPerSecond,
        int maxPublishesPerSecond,
        Duration writeDelay) {}
