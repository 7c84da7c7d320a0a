package dev.channels;

import java.util.Objects;

/**
 * Events of a channel are lost to this stream: those between the event of the channel before it in
 * the stream, and the next one.
 *
 * @param channel the name of the channel
 * @param cause what lost them
 */
public record Gap(String channel, Cause cause) implements Delivery {

    /** What lost events. */
    public enum Cause {
        /** The broker lost them, or no longer had them when this node came back for them. */
        BROKER,
        /** The backlog of the subscriber was full ({@link BacklogStrategy}). */
        BACKLOG
    }

    /**
     * Makes a gap.
     *
     * @param channel the name of the channel
     * @param cause what lost the events
     */
    public Gap {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(cause, "cause");
    }
}
