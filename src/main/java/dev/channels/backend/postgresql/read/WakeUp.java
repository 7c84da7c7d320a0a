package dev.channels.backend.postgresql.read;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes the reader, and tells it where to look. Safe for use by any thread. */
final class WakeUp {

    /**
     * Why the reader was woken since it last waited.
     *
     * @param channels these may have news
     * @param all any channel may have news
     */
    record Reason(Set<String> channels, boolean all) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();

    @GuardedBy("lock")
    private Set<String> channels = new HashSet<>();

    @GuardedBy("lock")
    private boolean all;

    @GuardedBy("lock")
    private boolean waking;

    /** Wakes the reader for nothing in particular: it looks at what waits for it. */
    void wake() {
        wake(Set.of(), false);
    }

    /** Wakes the reader because channels may have news. */
    void wake(Collection<String> names) {
        wake(names, false);
    }

    /** Wakes the reader because any channel may have news. */
    void wakeForAll() {
        wake(Set.of(), true);
    }

    private void wake(Collection<String> names, boolean forAll) {
        lock.lock();
        try {
            channels.addAll(names);
            all |= forAll;
            waking = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until somebody wakes the reader, and returns why. The reasons are forgotten then. */
    Reason await(long atMostNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = atMostNanos;
            while (!waking && left > 0) {
                left = woken.awaitNanos(left);
            }
            Reason reason = new Reason(channels, all);
            channels = new HashSet<>();
            all = false;
            waking = false;
            return reason;
        } finally {
            lock.unlock();
        }
    }
}
