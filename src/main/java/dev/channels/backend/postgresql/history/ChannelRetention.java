package dev.channels.backend.postgresql.history;

import java.time.Duration;

/**
 * How much is kept of a channel.
 *
 * @param history how many events
 * @param retention how long an event at most
 */
public record ChannelRetention(long history, Duration retention) {}
