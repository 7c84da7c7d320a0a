package dev.channels.internal.stream;

import dev.channels.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber has been given of one channel: everything from {@code first} on, in the epoch
 * of the newest live event, and history of one other epoch at most. It lets history join live
 * events without a duplicate, whichever of the two arrives first.
 */
final class Cursor {

    /** The oldest position given. */
    private Position first;

    /** Up to here history was given before any live event; null once a live event lay behind it. */
    private @Nullable Position replayedTo;

    /**
     * What was given of another epoch: one that is over, or one whose live events are yet to come.
     */
    private @Nullable Cursor elsewhere;

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
            stepInto(live);
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

    private void stepInto(Position live) {
        Cursor given = elsewhere;
        elsewhere = null;
        if (given != null && live.isComparableTo(given.first)) {
            first = given.first;
            replayedTo = given.replayedTo;
        } else {
            first = live;
            replayedTo = null;
        }
    }

    /** Tells whether an event of the history lies before all that was given. */
    boolean isNewHistory(Position past) {
        if (past.isComparableTo(first)) {
            return first.isAfter(past);
        }
        return elsewhere == null || elsewhere.isNewHistory(past);
    }

    /** Notes history that was given, being new. */
    void give(Position from, Position to) {
        if (from.isComparableTo(first)) {
            first = from;
        } else if (elsewhere != null && from.isComparableTo(elsewhere.first)) {
            elsewhere.first = from;
        } else {
            elsewhere = ofHistory(from, to);
        }
    }

    /** Notes that history was given up to here, behind what was given before. */
    void replayedTo(Position to) {
        Position end = replayedTo;
        if (end != null && to.isAfter(end)) {
            replayedTo = to;
        }
    }
}
