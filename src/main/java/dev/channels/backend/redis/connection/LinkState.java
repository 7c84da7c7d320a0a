package dev.channels.backend.redis.connection;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link Connector} stands. Says what a transition did, and does nothing else.
 *
 * <pre>
 *                       opened             restored
 *   WAITING ──▶ OPENING ──────▶ RESTORING ─────────▶ CONNECTED
 *      ▲ delay     │ failed,        │ failed            │ lost, no answer,
 *      │           │ or too slow    │                   │ not of use
 *      └───────────┴────────────────┴───────────────────┘
 *   STOPPED: from any state, for ever
 * </pre>
 *
 * <p>Each attempt has a number: what comes late of an attempt that was given up changes nothing.
 * Touched by the loop only.
 */
final class LinkState {

    private enum Phase {
        WAITING,
        OPENING,
        RESTORING,
        CONNECTED,
        STOPPED
    }

    /** What was given up. */
    record Lost(@Nullable Link link, boolean wasConnected, boolean wasStable) {}

    private final Duration stableAfter;
    private final LongSupplier nanoTime;
    private Phase phase = Phase.WAITING;
    private int attempt;
    private @Nullable Link link;
    private long connectedAt;

    /**
     * Makes a state.
     *
     * @param stableAfter how long a link is connected until it counts as stable
     */
    LinkState(Duration stableAfter, LongSupplier nanoTime) {
        this.stableAfter = stableAfter;
        this.nanoTime = nanoTime;
    }

    /**
     * Begins the next attempt.
     *
     * @return its number; or 0, where another attempt is under way, or none may be made any more
     */
    int open() {
        if (phase != Phase.WAITING) {
            return 0;
        }
        phase = Phase.OPENING;
        return ++attempt;
    }

    /** Takes the link of an attempt; returns whether it is wanted. */
    boolean opened(int by, Link made) {
        if (!isOpening(by)) {
            return false;
        }
        phase = Phase.RESTORING;
        link = made;
        return true;
    }

    /** Ends an attempt that has no link; returns whether it was under way. */
    boolean failed(int by) {
        if (!isOpening(by)) {
            return false;
        }
        phase = Phase.WAITING;
        return true;
    }

    private boolean isOpening(int by) {
        return phase == Phase.OPENING && by == attempt;
    }

    /** Says that a link can be used; returns whether it still is the one. */
    boolean restored(Link by) {
        if (phase != Phase.RESTORING || !uses(by)) {
            return false;
        }
        phase = Phase.CONNECTED;
        connectedAt = nanoTime.getAsLong();
        return true;
    }

    boolean uses(Link asked) {
        return link == asked;
    }

    /** The link, or null while Redis is away. */
    @Nullable Link connected() {
        return phase == Phase.CONNECTED ? link : null;
    }

    /** Gives a link up; returns null if it was given up before. */
    @Nullable Lost lose(Link by) {
        return uses(by) ? end(Phase.WAITING) : null;
    }

    /** Gives everything up, for ever. */
    Lost stop() {
        return end(Phase.STOPPED);
    }

    private Lost end(Phase next) {
        boolean wasConnected = phase == Phase.CONNECTED;
        boolean wasStable =
                wasConnected && nanoTime.getAsLong() - connectedAt > stableAfter.toNanos();
        Lost lost = new Lost(link, wasConnected, wasStable);
        link = null;
        phase = next;
        return lost;
    }
}
