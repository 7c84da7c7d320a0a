package dev.channels.backend.postgresql.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a worker. Closed while the worker has no connection, so that nobody waits for the
 * database longer than it takes to notice that it is away. Safe for use by any thread.
 *
 * @param <T> what waits
 */
public final class Inbox<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    /** Guarded by {@link #lock}. */
    private final Queue<T> waiting = new ArrayDeque<>();

    /** Guarded by {@link #lock}. */
    private boolean open;

    /** Guarded by {@link #lock}. */
    private boolean woken;

    /** Takes things from now on. */
    public void open() {
        lock.lock();
        try {
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts something in.
     *
     * @param item what is to wait
     * @return false if the inbox is closed, the item not being in it
     */
    public boolean offer(T item) {
        lock.lock();
        try {
            if (open) {
                waiting.add(item);
                filled.signal();
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the next item, or null if none came in time or somebody called {@link #wake}. */
    public @Nullable T take(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (waiting.isEmpty() && !woken && left > 0) {
                left = filled.awaitNanos(left);
            }
            woken = false;
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets whoever waits for an item go on. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing any more, and returns what waited. */
    public List<T> close() {
        lock.lock();
        try {
            open = false;
            List<T> rest = new ArrayList<>(waiting);
            waiting.clear();
            return rest;
        } finally {
            lock.unlock();
        }
    }
}
