package dev.channels;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an event stands in its channel.
 *
 * <p>Two positions of one channel are comparable only within one epoch. A new epoch begins when the
 * history of the channel begins a new life: the memory backend was restarted, a stream was deleted
 * or flushed. In one epoch of a backend that keeps history, the offsets of the events are 1, 2, 3 …
 * without holes, and all nodes agree on them; other backends may give each node its own, strictly
 * increasing. A channel without events stands at offset 0 of the epoch that its first event
 * continues.
 *
 * @param epoch names one life of the channel's history; opaque, never empty, and never {@code _},
 *     by which clients ask to be told that they cannot go on
 * @param offset the place within the epoch, not negative
 */
public record Position(String epoch, long offset) {

    /**
     * Makes a position.
     *
     * @param epoch names one life of the channel's history
     * @param offset the place within the epoch
     * @throws IllegalArgumentException if the epoch is empty or the offset is negative
     */
    public Position {
        Objects.requireNonNull(epoch, "epoch");
        if (epoch.isEmpty() || offset < 0) {
            throw new IllegalArgumentException(
                    "A position has a non-empty epoch and an offset from 0 up, not epoch '"
                            + ChannelsException.printable(epoch)
                            + "' and offset "
                            + offset);
        }
    }

    /**
     * Reads the text form of a position.
     *
     * @param text what {@link #toString()} returned
     * @return the position
     * @throws IllegalArgumentException if the text is not of this form
     */
    public static Position parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return new Position(
                    text.substring(0, Math.max(0, colon)),
                    Long.parseLong(text, colon + 1, text.length(), 10));
        } catch (IllegalArgumentException e) {
            // Not as the cause: it has the text as it came, in a message of its own.
            throw new IllegalArgumentException(
                    "'"
                            + ChannelsException.printable(text)
                            + "' is no position: write epoch:offset, the offset from 0 up");
        }
    }

    /**
     * Tells whether this position is in the epoch of the other one.
     *
     * @param other a position of the same channel
     * @return whether the two offsets can be compared
     */
    public boolean isComparableTo(Position other) {
        return epoch.equals(other.epoch);
    }

    /**
     * Tells whether this position is known to lie behind the other one.
     *
     * @param other a position of the same channel
     * @return true if both are of one epoch and this offset is the greater one; false if the epochs
     *     differ
     */
    public boolean isAfter(Position other) {
        return isComparableTo(other) && offset > other.offset;
    }

    // Written out, as in every record of ours that is compared or a key: what the compiler gives a
    // record keeps, in a constant of the JDK (java.lang.runtime.ObjectMethods), the record type
    // that
    // was linked last, and with it the class loader of an application that is gone.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Position that && offset == that.offset && epoch.equals(that.epoch);
    }

    @Override
    public int hashCode() {
        return 31 * epoch.hashCode() + Long.hashCode(offset);
    }

    /** Returns {@code epoch:offset}, which {@link #parse} reads. */
    @Override
    public String toString() {
        return epoch + ":" + offset;
    }
}
