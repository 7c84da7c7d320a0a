package dev.channels.backend.postgresql.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.BackendSink;
import dev.channels.spi.Log;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts the states of the parts together and tells plugin and sink, in order and once per outage.
 * Safe for use by any thread.
 *
 * <pre>
 *              every part up: start succeeds
 *   STARTING ─────────────────────────────────▶ UP ◀─────────────┐
 *      │                                        │                │ every part up:
 *      │ a part down: start fails               │ a part down:   │ connected()
 *      │                                        ▼ disconnected() │
 *      └──────────────────────────────────────▶ DOWN ────────────┘
 *
 *   any ── close ──▶ CLOSED: nothing is told any more
 * </pre>
 *
 * <p>A part that waits for work does not notice that its connection is gone. So when one part goes
 * down all must be verified anew, or the outage would be reported a second time when the next part
 * uses its connection. That is what the number is for: a part is up if it was verified since the
 * number last changed.
 */
public final class Outages {

    private enum State {
        STARTING,
        UP,
        DOWN,
        CLOSED
    }

    private final BackendSink sink;

    @GuardedBy("lock")
    private final Set<Part> parts = new HashSet<>();

    private final Runnable verify;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<Part> missing = new HashSet<>();

    @GuardedBy("lock")
    private State state = State.STARTING;

    /** Changed under {@link #lock}. */
    private final AtomicInteger number = new AtomicInteger();

    /** What to tell, in the order of the changes; drained by whoever comes first. */
    private final Queue<Runnable> notices = new ConcurrentLinkedQueue<>();

    private final AtomicInteger undrained = new AtomicInteger();

    /** One of what must be connected for the backend to be. */
    private final class Part implements Health {

        @Override
        public int number() {
            return number.get();
        }

        @Override
        public void up(int verifiedFor) {
            Outages.this.up(this, verifiedFor);
        }

        @Override
        public void down(Throwable cause) {
            Outages.this.down(this, cause);
        }
    }

    /**
     * Makes the state of a start.
     *
     * @param sink is told of outages
     * @param verify wakes the parts, to have them verified
     */
    public Outages(BackendSink sink, Runnable verify) {
        this.sink = sink;
        this.verify = verify;
    }

    /** Adds a part, which is down; to be called before any part is up. */
    public Health part() {
        Part part = new Part();
        lock.lock();
        try {
            parts.add(part);
            missing.add(part);
        } finally {
            lock.unlock();
        }
        return part;
    }

    /** Returns the stage of the start. */
    public CompletableFuture<Void> started() {
        return started;
    }

    private void up(Part part, int verifiedFor) {
        lock.lock();
        try {
            if (verifiedFor != number.get() || !missing.remove(part) || !missing.isEmpty()) {
                return;
            }
            if (state == State.STARTING) {
                notices.add(() -> started.complete(null));
            } else if (state == State.DOWN) {
                notices.add(sink::connected);
            }
            state = state == State.CLOSED ? State.CLOSED : State.UP;
        } finally {
            lock.unlock();
        }
        drain();
    }

    private void down(Part part, Throwable cause) {
        lock.lock();
        try {
            if (!missing.contains(part)) {
                number.incrementAndGet();
                missing.addAll(parts);
                notices.add(verify);
            }
            if (state == State.STARTING) {
                state = State.DOWN;
                notices.add(() -> started.completeExceptionally(cause));
            } else if (state == State.UP) {
                state = State.DOWN;
                notices.add(() -> sink.disconnected(cause));
            }
        } finally {
            lock.unlock();
        }
        drain();
    }

    public void close() {
        lock.lock();
        try {
            state = State.CLOSED;
            notices.clear();
            notices.add(() -> started.cancel(false));
        } finally {
            lock.unlock();
        }
        drain();
    }

    /** What throws must not keep the rest from being told. */
    private static void tell(Runnable item) {
        try {
            item.run();
        } catch (Throwable e) {
            Log.warn(ErrorCode.STATE, "the state of PostgreSQL could not be told", e);
        }
    }

    private void drain() {
        if (undrained.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Runnable next = notices.poll(); next != null; next = notices.poll()) {
                tell(next);
            }
            seen = undrained.addAndGet(-seen);
        } while (seen != 0);
    }
}
