package dev.channels.endpoint;

import dev.channels.Caller;

/**
 * A client that is connected, and of which it is known who it is.
 *
 * @param id names its connection, as in presence
 * @param door which door it came to
 * @param caller who it is
 */
public record NamedClient(String id, String door, Caller caller) {}
