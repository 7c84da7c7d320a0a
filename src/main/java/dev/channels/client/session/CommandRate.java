package dev.channels.client.session;

/**
 * How many commands, or publishes, a client may send: so many a second, and at once as many more as
 * a client needs that comes back with all its subscriptions. Used by one thread at a time.
 */
final class CommandRate {

    /** What becomes of a command. */
    enum Verdict {
        /** It is carried out. */
        TAKEN,
        /** It is refused; the client may try again. */
        REFUSED,
        /** The client goes on all the same, and has to be stopped. */
        FLOOD
    }

    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private double left;
    private long lastNanos;
    private double refused;

    /**
     * Begins with the whole burst.
     *
     * @param perSecond in the long run
     * @param more how many more at once
     * @param now the time of {@link System#nanoTime}
     */
    CommandRate(int perSecond, int more, long now) {
        this.perSecond = perSecond;
        this.burst = (double) perSecond + more;
        this.left = burst;
        this.lastNanos = now;
    }

    /** Judges the next command. */
    Verdict next(long now) {
        double since = Math.max(0, now - lastNanos) / NANOS * perSecond;
        lastNanos = now;
        left = Math.min(burst, left + since);
        refused = Math.max(0, refused - since);
        if (left >= 1) {
            left--;
            return Verdict.TAKEN;
        }
        refused++;
        return refused > burst ? Verdict.FLOOD : Verdict.REFUSED;
    }
}
