package dev.channels.backend.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.Position;
import dev.channels.spi.ChannelLeases.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who holds which lease, from a start to the next stop. Safe for use by any thread. */
final class MemoryLeases {

    /** A lease, and where its work stands. */
    private record Held(String holder, long until, @Nullable Position position) {}

    private final LongSupplier clock;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<String, Held> leases = new HashMap<>();

    /**
     * Makes leases that nobody holds.
     *
     * @param clock tells the time in nanoseconds
     */
    MemoryLeases(LongSupplier clock) {
        this.clock = clock;
    }

    Lease take(String name, String holder, Duration lifetime) {
        long now = clock.getAsLong();
        synchronized (lock) {
            Held held = leases.get(name);
            if (held != null && !held.holder().equals(holder) && held.until() - now > 0) {
                return Lease.TAKEN;
            }
            Position position = held == null ? null : held.position();
            leases.put(name, new Held(holder, now + lifetime.toNanos(), position));
            return new Lease(true, position);
        }
    }

    boolean advance(String name, String holder, Position position, Duration lifetime) {
        long now = clock.getAsLong();
        synchronized (lock) {
            Held held = leases.get(name);
            if (held == null || !held.holder().equals(holder)) {
                return false;
            }
            leases.put(name, new Held(holder, now + lifetime.toNanos(), position));
            return true;
        }
    }

    void release(String name, String holder) {
        long now = clock.getAsLong();
        synchronized (lock) {
            Held held = leases.get(name);
            if (held != null && held.holder().equals(holder)) {
                leases.put(name, new Held("", now, held.position()));
            }
        }
    }
}
