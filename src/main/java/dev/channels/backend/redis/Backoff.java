package dev.channels.backend.redis;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Tells how long to wait before the next attempt to connect: twice as long each time up to a bound,
 * of which a random half is left out, so that the nodes of a cluster do not come back all at once.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(100);

    private final Duration max;
    private final DoubleSupplier random;
    private int failures;

    Backoff(Duration max, DoubleSupplier random) {
        this.max = max;
        this.random = random;
    }

    Duration next() {
        long ceiling = Math.min(max.toMillis(), FIRST.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(Math.round(ceiling * (0.5 + random.getAsDouble() / 2)));
    }

    void reset() {
        failures = 0;
    }
}
