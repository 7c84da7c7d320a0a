package dev.channels.spi;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Code of the application that may be interrupted while it runs, and never its thread after that:
 * an interrupt that the code has not seen is taken back. It runs on one thread at a time.
 *
 * <pre>
 *            begin                 interrupt                    done
 *   RESTING ───────▶ RUNNING(thread) ───────▶ INTERRUPTING ───────▶ INTERRUPTED
 *      ▲  └─────────── end ─┘                                             │
 *      └────────────────────────────── end ───────────────────────────────┘
 * </pre>
 *
 * <p>Whoever moves RUNNING on owns the thread's interrupt: the end does so without a lock, since it
 * comes with every event. An end that comes while INTERRUPTING waits for the one call that is left
 * to {@link Thread#interrupt}.
 */
public final class InterruptibleCode {

    private enum Interrupt {
        BEGUN,
        DONE
    }

    /** The thread that runs the code, or how far its interrupt is; null: the code rests. */
    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    /** Makes code that does not run. */
    public InterruptibleCode() {}

    /** Says that the calling thread is about to run the code. */
    public void begin() {
        state.setRelease(Thread.currentThread());
    }

    /** Says that the code has ended; on the thread that has begun it, whatever the code threw. */
    public void end() {
        if (!state.compareAndSet(Thread.currentThread(), null)) {
            takeBack();
        }
    }

    private void takeBack() {
        while (state.get() != Interrupt.DONE) {
            Thread.onSpinWait();
        }
        boolean unused = Thread.interrupted();
        state.set(null);
    }

    /** Interrupts the code if it runs, unless it is the caller. */
    public void interrupt() {
        if (state.get() instanceof Thread thread
                && thread != Thread.currentThread()
                && state.compareAndSet(thread, Interrupt.BEGUN)) {
            try {
                thread.interrupt();
            } finally {
                state.set(Interrupt.DONE);
            }
        }
    }
}
