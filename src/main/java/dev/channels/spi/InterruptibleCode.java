package dev.channels.spi;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Code of the application that may be interrupted while it runs, and never its thread after that:
 * an interrupt that the code has not seen is taken back. It runs on one thread at a time.
 */
public final class InterruptibleCode {

    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable Thread running;

    @GuardedBy("lock")
    private boolean interrupted;

    /** Makes code that does not run. */
    public InterruptibleCode() {}

    /** Says that the calling thread is about to run the code. */
    public void begin() {
        synchronized (lock) {
            running = Thread.currentThread();
        }
    }

    /** Says that the code has ended; on the thread that has begun it, whatever the code threw. */
    public void end() {
        synchronized (lock) {
            running = null;
            if (interrupted) {
                interrupted = false;
                Thread.interrupted();
            }
        }
    }

    /** Interrupts the code if it runs, unless it is the caller. */
    public void interrupt() {
        synchronized (lock) {
            Thread thread = running;
            if (thread != null && thread != Thread.currentThread()) {
                interrupted = true;
                thread.interrupt();
            }
        }
    }
}
