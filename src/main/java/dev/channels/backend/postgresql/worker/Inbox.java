package dev.channels.backend.postgresql.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one worker, or for the first free one of several. Closed while none of them has a
 * connection, so that nobody waits for the database longer than it takes to notice that it is away.
 * Safe for use by any thread.
 *
 * @param <T> what waits
 */
public final class Inbox<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Queue<T> waiting = new ArrayDeque<>();

    /** How many workers take. */
    @GuardedBy("lock")
    private int takers;

    /** How often somebody called {@link #wake}. */
    @GuardedBy("lock")
    private long wakes;

    /** One worker's way to take items; used by that worker only. */
    public final class Taker {

        @GuardedBy("lock")
        private boolean open;

        @GuardedBy("lock")
        private long seenWakes;

        private Taker() {}

        /** Takes items from now on. */
        public void open() {
            lock.lock();
            try {
                takers += open ? 0 : 1;
                open = true;
            } finally {
                lock.unlock();
            }
        }

        /**
         * Takes nothing any more.
         *
         * @return what waits in vain because nobody else takes; those items are out of the inbox
         */
        public List<T> close() {
            lock.lock();
            try {
                takers -= open ? 1 : 0;
                open = false;
                List<T> rest = new ArrayList<>();
                if (takers == 0) {
                    rest.addAll(waiting);
                    waiting.clear();
                }
                return rest;
            } finally {
                lock.unlock();
            }
        }

        /**
         * Waits for the next item.
         *
         * @return the item, or null if none came in time or somebody called {@link #wake}
         */
        public @Nullable T take(Duration atMost) throws InterruptedException {
            lock.lock();
            try {
                long left = atMost.toNanos();
                while (waiting.isEmpty() && seenWakes == wakes && left > 0) {
                    left = changed.awaitNanos(left);
                }
                seenWakes = wakes;
                return waiting.poll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Returns the way to take items for one more worker, which begins closed. */
    public Taker taker() {
        return new Taker();
    }

    /**
     * Puts something in.
     *
     * @param item what is to wait
     * @return false if nobody takes, the item not being in the inbox
     */
    public boolean offer(T item) {
        lock.lock();
        try {
            if (takers == 0) {
                return false;
            }
            waiting.add(item);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets every worker that waits for an item go on. */
    public void wake() {
        lock.lock();
        try {
            wakes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
