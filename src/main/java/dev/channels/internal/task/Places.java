package dev.channels.internal.task;

import java.util.ArrayList;
import java.util.List;

/**
 * How many tasks a pool has, and whether it may have one more. Each task has a place, from its
 * booking to its end. Not thread-safe; it calls nobody.
 *
 * <pre>
 *               begins a job that may block       over 10 ms (seen by a look)
 *   SERVING ◀───────────────────────────────▶ BLOCKING ──────────────────▶ KEPT
 *      ▲               ends it                                              │
 *      └──────────────────────────── ends it ───────────────────────────────┘
 * </pre>
 *
 * <p>For each one that is KEPT, and for each thread that is parked and waits for a job of the pool,
 * there may be one more: they serve nobody.
 */
final class Places {

    /** A task at work. */
    static final class Place {
        private boolean blocking;
        private boolean kept;

        /** Since when it is blocking. */
        private long since;
    }

    private final int concurrency;
    private final int queuePerTask;
    private final long keptNanos;
    private final List<Place> blocking = new ArrayList<>();
    private int taken;
    private int parked;
    private int kept;

    /**
     * Makes free places.
     *
     * @param concurrency how many there are, beside those for parked and kept ones
     * @param queuePerTask how many jobs may wait for each task that serves
     * @param keptNanos how long a job may take that may block, before its task is kept
     */
    Places(int concurrency, int queuePerTask, long keptNanos) {
        this.concurrency = concurrency;
        this.queuePerTask = queuePerTask;
        this.keptNanos = keptNanos;
    }

    /** Takes a place if there is one; its caller then starts a task. */
    boolean take() {
        if (taken >= bound()) {
            return false;
        }
        taken++;
        return true;
    }

    /** Takes a place if so many waiting jobs are worth another task. */
    boolean takeFor(int waiting) {
        // A task that is kept serves nobody, and one that is parked may wait for who is queued.
        int serving = parked > 0 ? 0 : taken - kept;
        return waiting > serving * queuePerTask && take();
    }

    void giveBack() {
        taken--;
    }

    /** Tells whether a task has to end, since others have come back to work. */
    boolean isOneTooMany() {
        return taken > bound();
    }

    private int bound() {
        return concurrency + parked + kept;
    }

    void park() {
        parked++;
    }

    void unpark() {
        parked--;
    }

    // ---- Jobs that may block

    void beginBlocking(Place place, long now) {
        place.since = now;
        place.blocking = true;
        blocking.add(place);
    }

    void endBlocking(Place place) {
        if (!place.blocking) {
            return;
        }
        place.blocking = false;
        blocking.remove(place);
        if (place.kept) {
            place.kept = false;
            kept--;
        }
    }

    boolean isAnyBlocking() {
        return !blocking.isEmpty();
    }

    /** Looks which tasks are kept. */
    void look(long now) {
        for (Place place : blocking) {
            if (!place.kept && now - place.since > keptNanos) {
                place.kept = true;
                kept++;
            }
        }
    }
}
