package dev.channels.backend.postgresql;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: twice as long each time, up to a bound, with jitter so
 * that the nodes do not come back all at once. Not safe for use by several threads.
 */
final class Backoff {

    private static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(2).toNanos();

    private final DoubleSupplier random;
    private long next = FIRST_NANOS;

    /**
     * Makes a back-off.
     *
     * @param random returns numbers from 0 to 1
     */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /**
     * Returns how many nanoseconds to wait now: between half of the present bound and all of it.
     */
    long nextNanos() {
        long bound = next;
        next = Math.min(LONGEST_NANOS, bound * 2);
        return bound / 2 + (long) (random.getAsDouble() * bound / 2);
    }

    /** Begins anew: an attempt succeeded. */
    void reset() {
        next = FIRST_NANOS;
    }
}
