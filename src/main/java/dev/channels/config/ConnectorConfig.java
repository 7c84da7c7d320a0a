package dev.channels.config;

import dev.channels.Start;

/**
 * A channel of MicroProfile Reactive Messaging that is connected to a channel of ours.
 *
 * @param incoming whether its messages come from our channel; otherwise they go there
 * @param name the name that Reactive Messaging knows it by
 * @param channel the name of our channel
 * @param start where an incoming one begins
 * @param payload what the payload of an incoming message is: {@code byte[]}, a {@code String}, a
 *     {@link dev.channels.ChannelEvent}, a {@link dev.channels.Delivery}, or what JSON-B makes
 * @param maxInFlight how many messages may be under way at once, at least 1
 */
public record ConnectorConfig(
        boolean incoming,
        String name,
        String channel,
        Start start,
        Class<?> payload,
        int maxInFlight) {}
