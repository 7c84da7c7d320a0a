package dev.channels.backend.postgresql.worker;

import dev.channels.ErrorCode;
import dev.channels.spi.BackendSink;
import dev.channels.spi.Log;
import java.util.EnumSet;
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

    /** What must be connected for the backend to be. */
    public enum Part {
        PUBLISHER,
        READER,
        LISTENER,
        HISTORY
    }

    private enum State {
        STARTING,
        UP,
        DOWN,
        CLOSED
    }

    private final BackendSink sink;
    private final Set<Part> parts;
    private final Runnable verify;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@link #lock}. */
    private final Set<Part> missing;

    /** Guarded by {@link #lock}. */
    private State state = State.STARTING;

    /** Changed under {@link #lock}. */
    private final AtomicInteger number = new AtomicInteger();

    /** What to tell, in the order of the changes; drained by whoever comes first. */
    private final Queue<Runnable> notices = new ConcurrentLinkedQueue<>();

    private final AtomicInteger undrained = new AtomicInteger();

    /**
     * Makes the state of a start.
     *
     * @param sink is told of outages
     * @param parts what there is
     * @param verify wakes the parts, to have them verified
     */
    public Outages(BackendSink sink, Set<Part> parts, Runnable verify) {
        this.sink = sink;
        this.parts = EnumSet.copyOf(parts);
        this.missing = EnumSet.copyOf(parts);
        this.verify = verify;
    }

    /** Returns the stage of the start. */
    public CompletableFuture<Void> started() {
        return started;
    }

    /** Returns what changes whenever all parts must be verified. */
    public int number() {
        return number.get();
    }

    /**
     * Says that a part has a connection that works.
     *
     * @param part the part
     * @param verifiedFor the number as it was before that was known
     */
    public void up(Part part, int verifiedFor) {
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

    /**
     * Says that a part has no connection.
     *
     * @param part the part
     * @param cause why
     */
    public void down(Part part, Throwable cause) {
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
