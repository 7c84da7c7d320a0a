package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.Gap;
import dev.channels.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel of a stream, from the moment when it is to be joined until it is left: what becomes
 * of its live events. The states, guarded by the lock of the mailbox:
 *
 * <pre>
 *             history read up to the present
 *   HOLDING ─────────────────────────────────▶ FLOWING
 *    │   ▲  ──── a page that ends earlier, ──▶ BEHIND
 *    │   │       or no room to hold more         │
 *    │   └────── its page is consumed ───────────┘
 *    └──── left (from every state) ──▶ LEFT
 * </pre>
 *
 * <p>HOLDING keeps live events until it is known which of them the history has; BEHIND leaves them
 * out, because the history has them and will be read; FLOWING puts them into the stream.
 */
public final class FollowedChannel {

    enum State {
        HOLDING,
        BEHIND,
        FLOWING,
        LEFT
    }

    private final String name;
    private final boolean rereadable;

    // Guarded by the lock of the mailbox.
    private State state = State.HOLDING;
    private @Nullable Deque<Delivery> held;
    private @Nullable Cursor cursor;

    /** An epoch whose live events are all new: no history was given that could have them. */
    private @Nullable String epochOfNew;

    private boolean lostAtEnd;
    private boolean gapDue;

    /**
     * Begins to hold.
     *
     * @param rereadable whether live events that are left out can be read from the history
     */
    FollowedChannel(String name, boolean rereadable) {
        this.name = name;
        this.rereadable = rereadable;
    }

    /**
     * Returns the name of the channel.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    State state() {
        return state;
    }

    void moveTo(State next) {
        state = next;
        if (next != State.HOLDING) {
            held = null;
        }
    }

    /** Tells whether events may be left out now, to be read later. */
    boolean canFallBehind() {
        return rereadable && state == State.HOLDING;
    }

    // ---- What is held

    void hold(Delivery delivery) {
        Deque<Delivery> kept = held;
        if (kept == null) {
            kept = new ArrayDeque<>(2);
            held = kept;
        }
        if (!(delivery instanceof Gap && kept.peekLast() instanceof Gap)) {
            kept.addLast(delivery);
        }
    }

    /** Removes the oldest event that is held, and leaves a gap in front; null if none is held. */
    @Nullable ChannelEvent evictHeld() {
        Deque<Delivery> kept = held;
        Delivery oldest = kept == null ? null : kept.pollFirst();
        if (kept != null && oldest instanceof Gap) {
            oldest = kept.pollFirst();
        }
        if (kept != null && !(kept.peekFirst() instanceof Gap)) {
            kept.addFirst(new Gap(name, Gap.Cause.BACKLOG));
        }
        return oldest instanceof ChannelEvent event ? event : null;
    }

    Iterable<Delivery> held() {
        Deque<Delivery> kept = held;
        return kept == null ? List.of() : kept;
    }

    // ---- What was given

    /** Tells whether a live event was given already as history. */
    boolean covers(ChannelEvent event) {
        Position position = event.position();
        if (position.epoch().equals(epochOfNew)) {
            return false;
        }
        Cursor known = cursor;
        if (known == null) {
            cursor = Cursor.ofLive(position);
        } else if (known.covers(position)) {
            return true;
        }
        epochOfNew = position.epoch();
        return false;
    }

    boolean isNewHistory(Position past) {
        return cursor == null || cursor.isNewHistory(past);
    }

    /** Notes that history was given, or that the stream of the channel begins behind it. */
    void given(Position first, Position last) {
        Cursor known = cursor;
        if (known == null) {
            cursor = Cursor.ofHistory(first, last);
        } else if (known.isNewHistory(first)) {
            known.give(first, last);
        } else {
            known.replayedTo(last);
        }
    }

    // ---- Gaps of the backlog

    /** Notes that the newest event was dropped; true if no gap stands at the end yet. */
    boolean beginLoss() {
        boolean begins = !lostAtEnd;
        lostAtEnd = true;
        return begins;
    }

    void endLoss() {
        lostAtEnd = false;
    }

    /** Notes that the oldest event was dropped; true if no gap is due yet. */
    boolean oweGap() {
        boolean begins = !gapDue;
        gapDue = true;
        return begins;
    }

    void paidGap() {
        gapDue = false;
    }
}
