package dev.channels.endpoint.request;

import org.jspecify.annotations.Nullable;

/**
 * What the path of a handshake leads to.
 *
 * @param door its name, the same as in {@link Handshake#door}
 * @param channel the channel, or null where the client names channels later
 */
public record Target(String door, @Nullable String channel) {

    /** A path that leads to nothing. */
    public static final Target NOWHERE = new Target("", null);
}
