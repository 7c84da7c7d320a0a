package dev.channels;

import java.util.Objects;

/**
 * A channel could not be joined; the other channels of the stream flow on.
 *
 * @param channel the name of the channel
 * @param reason why
 */
public record Refused(String channel, ChannelsException reason) implements Delivery {

    /**
     * Makes a refusal.
     *
     * @param channel the name of the channel
     * @param reason why
     */
    public Refused {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(reason, "reason");
    }
}
