package dev.channels.cdi.event;

import dev.channels.Position;
import dev.channels.spi.ChannelLeases.Lease;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which reading of a channel is the present one, and for how long this node may go on with it. Says
 * what follows, and does nothing itself; used under the lock of its reader.
 *
 * <pre>
 *              the lease is ours: a reading begins after the last event that is done with
 *   WAITING ──────────────────────────────────────────────────────────────▶ READING
 *      ▲  another has it, the lease is over, the stream failed or has dropped │
 *      └─────────────────────────────────────────────────────────────────────┘
 *
 *   either ── the plugin stops ──▶ OVER: the lease is given up
 * </pre>
 *
 * @param <R> a reading; told apart by its identity
 */
final class OnceState<R> {

    /**
     * What follows from an answer.
     *
     * @param ended the reading that is to be closed, or null
     * @param begun the reading that is to be opened, or null
     */
    record Change<R>(@Nullable R ended, @Nullable R begun) {}

    private final long lifetime;
    private final Function<@Nullable Position, R> readings;
    private boolean over;
    private @Nullable R reading;

    /** The last event that is done with, as far as this node knows. */
    private @Nullable Position done;

    /** Until when the lease is ours, by the clock of this node. */
    private long heldUntil;

    /**
     * Makes the state of a reader that has no lease.
     *
     * @param lifetime how long a lease lasts
     * @param readings makes a reading that begins after a position, or anew
     */
    OnceState(Duration lifetime, Function<@Nullable Position, R> readings) {
        this.lifetime = lifetime.toNanos();
        this.readings = readings;
    }

    // ---- The lease

    /** The lease was asked for at a time, and this is the answer. */
    Change<R> answered(Lease lease, long asked) {
        R ended = null;
        R begun = null;
        if (!over && !lease.held()) {
            ended = reading;
            reading = null;
        } else if (!over) {
            hold(asked);
            if (reading == null) {
                done = later(done, lease.position());
                begun = readings.apply(done);
                reading = begun;
            }
        }
        return new Change<>(ended, begun);
    }

    /** The lease was ours at a time. */
    void hold(long asked) {
        long until = asked + lifetime;
        if (until - heldUntil > 0 || reading == null) {
            heldUntil = until;
        }
    }

    /** An event is done with, whether or not the broker can be told. */
    void done(Position position) {
        done = later(done, position);
    }

    /** What this node has done with while the broker was away is done with. */
    private static @Nullable Position later(
            @Nullable Position known, @Nullable Position remembered) {
        if (known == null || remembered == null) {
            return remembered == null ? known : remembered;
        }
        return known.isAfter(remembered) ? known : remembered;
    }

    /** Asks no more. */
    void end() {
        over = true;
    }

    // ---- The reading

    /** Tells whether a reading is the present one, and the lease ours. */
    boolean mayRead(R asking, long now) {
        return reading == asking && now - heldUntil < 0;
    }

    /** Ends a reading; returns whether it was the present one. */
    boolean forget(R ended) {
        if (reading != ended) {
            return false;
        }
        reading = null;
        return true;
    }

    /** Ends a reading; returns the one that goes on where it stands, or null if there is none. */
    @Nullable R readAgain(R ended) {
        if (forget(ended) && done != null) {
            reading = readings.apply(done);
            return reading;
        }
        return null;
    }
}
