package dev.channels.internal.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The bound that all tails of a node have together, in bytes. Past it the tails lose their oldest
 * events in turn. Safe for use by any thread; its lock is taken before that of a tail, never after.
 */
final class HistoryBudget {

    /** What takes a part of it. */
    interface Part {

        /** Drops the oldest event; returns what it cost, 0 if there is none. */
        long dropOldest();

        /** Drops everything; returns what it cost. */
        long clear();

        /** Is not used any more; what is added late is not kept. */
        void release();

        boolean isReleased();
    }

    private final long maxBytes;

    @GuardedBy("this")
    private final Set<Part> tails = new LinkedHashSet<>();

    @GuardedBy("this")
    private long bytes;

    HistoryBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A tail has grown. */
    synchronized void take(Part tail, long grown) {
        bytes += grown;
        if (tail.isReleased()) {
            bytes -= tail.clear();
            return;
        }
        tails.add(tail);
        while (bytes > maxBytes && !tails.isEmpty()) {
            Part oldest = tails.iterator().next();
            long freed = oldest.dropOldest();
            bytes -= freed;
            tails.remove(oldest);
            if (freed > 0) {
                tails.add(oldest);
            }
        }
    }

    synchronized void free(long freed) {
        bytes -= freed;
    }

    /** A tail is not used any more. */
    synchronized void release(Part tail) {
        tail.release();
        tails.remove(tail);
        bytes -= tail.clear();
    }

    /** Returns how many bytes are taken. */
    synchronized long bytes() {
        return bytes;
    }
}
