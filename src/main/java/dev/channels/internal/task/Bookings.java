package dev.channels.internal.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that were handed to an executor and have not begun, oldest first. Not thread-safe; it
 * calls nobody.
 *
 * <pre>
 *             add                begin: true
 *   (new) ─────────▶ WAITING ─────────────────▶ BEGUN   begin: false, every time after the first
 *                     │   ▲
 *                     └───┘ takeDue, defer: a new moment at which it is handed over again
 * </pre>
 */
final class Bookings {

    /** A task that waits for its executor. */
    static final class Booking {
        private final Runnable task;
        private long dueAt;
        private int handedOver = 1;
        private boolean waiting;

        /** Whether the executor has thrown for it when it was handed over last. */
        private boolean refused;

        private @Nullable Booking before;
        private @Nullable Booking behind;

        Booking(Runnable task) {
            this.task = task;
        }

        long dueAt() {
            return dueAt;
        }

        Runnable task() {
            return task;
        }

        boolean isRefused() {
            return refused;
        }

        void handOver() {
            refused = false;
        }
    }

    private @Nullable Booking oldest;
    private @Nullable Booking newest;

    /** Adds a task that is handed over again if it has not begun at a moment. */
    void add(Booking booking, long dueAt) {
        booking.waiting = true;
        booking.dueAt = dueAt;
        booking.before = newest;
        if (newest == null) {
            oldest = booking;
        } else {
            newest.behind = booking;
        }
        newest = booking;
    }

    /** Removes a task that begins; false if it has begun before. */
    boolean begin(Booking booking) {
        if (!booking.waiting) {
            return false;
        }
        booking.waiting = false;
        Booking before = booking.before;
        Booking behind = booking.behind;
        if (before == null) {
            oldest = behind;
        } else {
            before.behind = behind;
        }
        if (behind == null) {
            newest = before;
        } else {
            behind.before = before;
        }
        booking.before = null;
        booking.behind = null;
        return true;
    }

    /**
     * The executor has thrown for a task.
     *
     * @param now the time
     * @param firstDelay after which it is handed over again; twice as much each time, up to
     * @param longestDelay the bound of that
     * @return whether it still waits
     */
    boolean defer(Booking booking, long now, long firstDelay, long longestDelay) {
        booking.refused = true;
        if (booking.waiting) {
            int doublings = Math.min(booking.handedOver - 1, 20);
            booking.dueAt = now + Math.min(longestDelay, firstDelay << doublings);
        }
        return booking.waiting;
    }

    /**
     * Takes tasks that have waited too long, to be handed over again; they wait twice as long then.
     */
    List<Booking> takeDue(long now, long patience, int atMost) {
        List<Booking> due = new ArrayList<>();
        for (Booking it = oldest; it != null && due.size() < atMost; it = it.behind) {
            if (it.dueAt - now <= 0) {
                it.dueAt = now + (patience << Math.min(it.handedOver, 5));
                it.handedOver++;
                due.add(it);
            }
        }
        return due;
    }

    /** Returns when the next is to be handed over again, or null if none waits. */
    @Nullable Long nextDue() {
        Long next = null;
        for (Booking it = oldest; it != null; it = it.behind) {
            if (next == null || it.dueAt - next < 0) {
                next = it.dueAt;
            }
        }
        return next;
    }
}
