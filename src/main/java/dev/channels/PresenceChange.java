package dev.channels;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client came to a channel, or went. Immutable.
 *
 * @param channel the name of the channel
 * @param client who; of one that went, as it was known
 * @param entered whether it came
 */
public record PresenceChange(String channel, PresentClient client, boolean entered) {

    /**
     * Makes a change.
     *
     * @param channel the name of the channel
     * @param client who
     * @param entered whether it came
     */
    public PresenceChange {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(client, "client");
    }

    // Written out: see Position.equals.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PresenceChange that
                && entered == that.entered
                && channel.equals(that.channel)
                && client.equals(that.client);
    }

    @Override
    public int hashCode() {
        return 31 * channel.hashCode() + client.hashCode();
    }

    /** Leaves out the name of the channel, which comes from outside. */
    @Override
    public String toString() {
        return client + (entered ? " came" : " went");
    }
}
