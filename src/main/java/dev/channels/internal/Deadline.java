package dev.channels.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A bound that several waits share. */
final class Deadline {

    private final long end;

    Deadline(Duration bound) {
        end = System.nanoTime() + bound.toNanos();
    }

    /** Waits for a future; false if the bound was reached, or the thread interrupted, before. */
    boolean await(CompletableFuture<?> future) {
        try {
            future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            // It has ended, which is all that is waited for; its failure is told elsewhere.
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
