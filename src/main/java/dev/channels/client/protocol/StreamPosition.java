package dev.channels.client.protocol;

/**
 * A position as a client names it.
 *
 * @param offset not negative; 0 where the client names none. An offset past the greatest {@code
 *     long} is read as that one: no channel ever gets there
 * @param epoch empty for any epoch
 */
public record StreamPosition(long offset, String epoch) {}
