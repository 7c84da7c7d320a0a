package dev.channels.internal.task;

/**
 * A stretch of time in which the same thing goes wrong again and again: it is logged once when it
 * begins, and counted elsewhere.
 *
 * <pre>
 *   QUIET ──begin() = true──▶ UNDER WAY ──end() = true──▶ QUIET
 * </pre>
 */
public final class Episode {

    private volatile boolean underWay;

    /** Makes a quiet one. */
    public Episode() {}

    /**
     * Begins an episode, unless one is under way.
     *
     * @return whether this call began it; its caller is the one to log
     */
    public boolean begin() {
        return !underWay && change(true);
    }

    /**
     * Ends the episode, if one is under way.
     *
     * @return whether this call ended it
     */
    public boolean end() {
        return underWay && change(false);
    }

    private synchronized boolean change(boolean wanted) {
        boolean changes = underWay != wanted;
        underWay = wanted;
        return changes;
    }
}
