package dev.channels.internal;

/**
 * A stretch of time in which the same thing goes wrong again and again: it is logged once when it
 * begins, and counted elsewhere.
 *
 * <pre>
 *   QUIET ──begin() = true──▶ UNDER WAY ──end() = true──▶ QUIET
 * </pre>
 */
final class Episode {

    private volatile boolean underWay;

    /** Returns whether this call began the episode; its caller is the one to log. */
    boolean begin() {
        return !underWay && change(true);
    }

    /** Returns whether this call ended an episode. */
    boolean end() {
        return underWay && change(false);
    }

    private synchronized boolean change(boolean wanted) {
        boolean changes = underWay != wanted;
        underWay = wanted;
        return changes;
    }
}
