package dev.channels.endpoint.write;

/**
 * When a client is to be pinged, and when it has left too many pings without an answer. Times are
 * of {@link System#nanoTime}. Used under the lock of the writer.
 */
final class Pings {

    /** So many pings may have been due before a client without an answer is gone. */
    private static final int UNTIL_GONE = 3;

    private final long interval;
    private long last;

    /** How often in a row a ping was due and the one before had no answer. */
    private int unanswered;

    /**
     * Begins with the first interval.
     *
     * @param interval in nanoseconds; 0 for no pings
     */
    Pings(long interval, long now) {
        this.interval = interval;
        this.last = now;
    }

    /** Tells whether a ping is due, and begins the next interval then. */
    boolean take(long now) {
        boolean due = interval > 0 && now - last >= interval;
        if (due) {
            last = now;
        }
        return due;
    }

    /**
     * Counts, each time that a ping is due, whether the last one has been answered. Not by the
     * clock: a process that stood still for a while finds the answers only after the look.
     */
    boolean owesTooMany(boolean owes) {
        unanswered = owes ? unanswered + 1 : 0;
        return unanswered >= UNTIL_GONE;
    }
}
