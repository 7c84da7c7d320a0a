package dev.channels.event;

import org.jspecify.annotations.Nullable;

/**
 * The connection to the broker was lost. The backend tries to get it back by itself.
 *
 * @param cause why, as far as it is known
 */
public record BrokerLost(@Nullable Throwable cause) implements LifeEvent {}
