package dev.channels.internal.task;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A bound that several waits share. */
public final class Deadline {

    private final long end;

    /**
     * Makes a bound that begins now.
     *
     * @param bound how long all waits may take together
     */
    public Deadline(Duration bound) {
        end = System.nanoTime() + bound.toNanos();
    }

    /**
     * Waits for a future. An interrupt does not end the wait; it is there again afterwards.
     *
     * @param future completes in whichever way
     * @return false if the bound was reached before
     */
    public boolean await(CompletableFuture<?> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                    return true;
                } catch (ExecutionException | CancellationException e) {
                    // It has ended, which is all that is waited for; its failure is told elsewhere.
                    return true;
                } catch (TimeoutException e) {
                    return false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
