package dev.channels.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many threads of an application may be in writes that block. What comes when so many
 * are waits, and is run by the next thread that returns.
 */
final class BlockingWrites {

    private final int width;

    @GuardedBy("this")
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private int running;

    /**
     * Makes a bound.
     *
     * @param width how many threads
     */
    BlockingWrites(int width) {
        this.width = width;
    }

    /**
     * Runs a write on this thread, or on another one that is in writes already.
     *
     * @param write what it throws is logged
     */
    void run(Runnable write) {
        synchronized (this) {
            if (running >= width) {
                waiting.add(write);
                return;
            }
            running++;
        }
        for (Runnable next = write; next != null; next = next()) {
            runSafely(next);
        }
    }

    /** A thread that left here by an exception would be booked for ever. */
    private static void runSafely(Runnable write) {
        try {
            write.run();
        } catch (Throwable e) {
            Log.detail(ErrorCode.STATE, () -> "A write has failed", e);
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = waiting.poll();
        if (next == null) {
            running--;
        }
        return next;
    }
}
