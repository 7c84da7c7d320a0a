package dev.channels.spi;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Code of the application that may be interrupted while it runs, and never its thread after that:
 * an interrupt that the code has not seen is taken back. It runs on one thread at a time, and each
 * begin knows of the end before it (the hand-over of an executor sees to that).
 *
 * <pre>
 *            begin         interrupt                done
 *   RESTING ───────▶ RUNNING ───────▶ INTERRUPTING ───────▶ INTERRUPTED
 *      ▲  └────── end ─┘                                         │
 *      └──────────────────────── end ────────────────────────────┘
 * </pre>
 *
 * <p>Whoever moves RUNNING on owns the thread's interrupt: the end does so without a lock, since it
 * comes with every event. An end that comes while INTERRUPTING waits for the one call that is left
 * to {@link Thread#interrupt}.
 */
public final class InterruptibleCode {

    private static final int RESTING = 0;
    private static final int RUNNING = 1;
    private static final int INTERRUPTING = 2;
    private static final int INTERRUPTED = 3;

    private static final AtomicIntegerFieldUpdater<InterruptibleCode> STATE =
            AtomicIntegerFieldUpdater.newUpdater(InterruptibleCode.class, "state");

    /** A number, since a reference that is written with every event costs the collector's care. */
    private volatile int state = RESTING;

    /** Who runs the code, or has run it last; written before RUNNING. */
    private @Nullable Thread thread;

    /** Makes code that does not run. */
    public InterruptibleCode() {}

    /** Says that the calling thread is about to run the code. */
    public void begin() {
        Thread caller = Thread.currentThread();
        if (thread != caller) {
            thread = caller;
        }
        STATE.lazySet(this, RUNNING);
    }

    /** Says that the code has ended; on the thread that has begun it, whatever the code threw. */
    public void end() {
        if (!STATE.compareAndSet(this, RUNNING, RESTING)) {
            takeBack();
        }
    }

    private void takeBack() {
        while (state != INTERRUPTED) {
            Thread.onSpinWait();
        }
        boolean unused = Thread.interrupted();
        state = RESTING;
    }

    /** Interrupts the code if it runs, unless it is the caller. */
    public void interrupt() {
        // Whoever sees RUNNING sees who runs, or somebody who came later: never itself by chance.
        if (state != RUNNING || thread == Thread.currentThread()) {
            return;
        }
        if (STATE.compareAndSet(this, RUNNING, INTERRUPTING)) {
            Thread running = thread;
            try {
                if (running != null) {
                    running.interrupt();
                }
            } finally {
                state = INTERRUPTED;
            }
        }
    }
}
