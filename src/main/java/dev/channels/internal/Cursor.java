package dev.channels.internal;

import dev.channels.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber has been given of one channel: everything from {@code first} on, in the epoch
 * of the newest event. It lets history join live events without a duplicate, whichever of the two
 * arrives first.
 */
final class Cursor {

    /** The oldest position given. */
    private Position first;

    /** Up to here history was given before any live event; null once a live event lay behind it. */
    private @Nullable Position replayedTo;

    private Cursor(Position first, @Nullable Position replayedTo) {
        this.first = first;
        this.replayedTo = replayedTo;
    }

    static Cursor ofLive(Position first) {
        return new Cursor(first, null);
    }

    static Cursor ofHistory(Position first, Position last) {
        return new Cursor(first, last);
    }

    /** Tells whether a live event was given already as history; steps into its epoch if not. */
    boolean covers(Position live) {
        if (!live.isComparableTo(first)) {
            first = live;
            replayedTo = null;
            return false;
        }
        Position end = replayedTo;
        if (end == null) {
            return false;
        }
        if (!live.isAfter(end)) {
            return true;
        }
        replayedTo = null;
        return false;
    }

    /** Tells whether an event of the history lies before all that was given. */
    boolean isNewHistory(Position past) {
        return !past.isComparableTo(first) || first.isAfter(past);
    }

    /** Notes history that was given; what is left of an epoch before does not come again. */
    void extendBack(Position past) {
        if (past.isComparableTo(first)) {
            first = past;
        }
    }
}
