package dev.channels.backend.postgresql;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes the reader, and tells it where to look. Safe for use by any thread. */
final class Bell {

    /**
     * What the bell was rung for since it was last listened to.
     *
     * @param channels these may have news
     * @param all any channel may have news
     */
    record Ring(Set<String> channels, boolean all) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();

    /** Guarded by {@link #lock}. */
    private Set<String> channels = new HashSet<>();

    /** Guarded by {@link #lock}. */
    private boolean all;

    /** Guarded by {@link #lock}. */
    private boolean waking;

    /** Wakes the reader for nothing in particular: it looks at what waits for it. */
    void ring() {
        ring(Set.of(), false);
    }

    /** Wakes the reader because channels may have news. */
    void ring(Collection<String> names) {
        ring(names, false);
    }

    /** Wakes the reader because any channel may have news. */
    void ringForAll() {
        ring(Set.of(), true);
    }

    private void ring(Collection<String> names, boolean forAll) {
        lock.lock();
        try {
            channels.addAll(names);
            all |= forAll;
            waking = true;
            rung.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the bell rings, and forgets what it rang for. */
    Ring await(long atMostNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = atMostNanos;
            while (!waking && left > 0) {
                left = rung.awaitNanos(left);
            }
            Ring ring = new Ring(channels, all);
            channels = new HashSet<>();
            all = false;
            waking = false;
            return ring;
        } finally {
            lock.unlock();
        }
    }
}
