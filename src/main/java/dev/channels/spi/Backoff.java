package dev.channels.spi;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Tells how long to wait before the next attempt. The bound doubles with each attempt, from the
 * first delay to the longest; the delay is a random one between half of the bound and all of it, so
 * that the nodes of a cluster do not come back all at once.
 *
 * <p>With a first delay of 100 ms and a longest of 1 s the delays are 50–100 ms, 100–200 ms,
 * 200–400 ms, 400–800 ms, and 500–1,000 ms from then on.
 *
 * <p>Not safe for use by several threads; never blocks.
 */
public final class Backoff {

    private final long firstNanos;
    private final long longestNanos;
    private final DoubleSupplier random;
    private long bound;

    /**
     * Makes a back-off with a random generator of its own.
     *
     * @param first the bound of the first delay, unless the longest is less; more than zero
     * @param longest the bound of every delay; more than zero
     * @throws IllegalArgumentException if a bound is not more than zero
     */
    public Backoff(Duration first, Duration longest) {
        this(first, longest, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * Makes a back-off whose random numbers are given, for tests.
     *
     * @param first the bound of the first delay, unless the longest is less; more than zero
     * @param longest the bound of every delay; more than zero
     * @param random returns numbers from 0 to 1
     * @throws IllegalArgumentException if a bound is not more than zero
     */
    public Backoff(Duration first, Duration longest, DoubleSupplier random) {
        this.longestNanos = longest.toNanos();
        this.firstNanos = Math.min(first.toNanos(), longestNanos);
        if (firstNanos <= 0) {
            throw new IllegalArgumentException(
                    "A back-off from " + first + " to " + longest + " would not wait");
        }
        this.random = random;
        this.bound = firstNanos;
    }

    /**
     * Counts an attempt that failed.
     *
     * @return how long to wait before the next one
     */
    public Duration next() {
        long now = bound;
        bound = now > longestNanos / 2 ? longestNanos : now * 2;
        return Duration.ofNanos(Math.round(now * (0.5 + random.getAsDouble() / 2)));
    }

    /** Begins anew: an attempt succeeded. */
    public void reset() {
        bound = firstNanos;
    }
}
