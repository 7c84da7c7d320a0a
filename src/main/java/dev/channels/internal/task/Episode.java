package dev.channels.internal.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A stretch of time in which the same thing happens again and again: its first time is told, the
 * others are counted. It lasts until ten seconds have passed without, so that what comes and goes
 * many times a second is one episode. Safe for use by any thread; many may {@link #begin} at once.
 *
 * <pre>
 *            begin() = true                           end() ≥ 0: the count
 *   QUIET ─────────────────▶ UNDER WAY ──────────────────────────────────────▶ QUIET
 *                             │     ▲      only once it was quiet for 10 s
 *                             └─────┘ begin() = false: counted
 * </pre>
 */
public final class Episode {

    /** So long nothing must happen before an episode is over. */
    public static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What is written that often only costs the threads nothing that run into it at once. */
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clock;
    private final LongAdder more = new LongAdder();
    private final Object lock = new Object();

    // Read without the lock, where a value of a moment ago does no harm.
    private volatile boolean underWay;
    private volatile long lastAt;

    @GuardedBy("lock")
    private long toldAt;

    /** Makes a quiet one on the clock of the system. */
    public Episode() {
        this(System::nanoTime);
    }

    /**
     * Makes a quiet one.
     *
     * @param clock returns nanoseconds since an arbitrary moment
     */
    public Episode(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * It has happened once more.
     *
     * @return whether that begins an episode; its caller is the one to tell
     */
    public boolean begin() {
        long now = clock.getAsLong();
        if (underWay && now - lastAt < QUIET_NANOS) {
            more.increment();
            if (now - lastAt > TICK_NANOS) {
                lastAt = now;
            }
            return false;
        }
        return beginAnew(now);
    }

    private boolean beginAnew(long now) {
        synchronized (lock) {
            if (underWay && now - lastAt < QUIET_NANOS) {
                more.increment();
                return false;
            }
            // Whoever sees it under way sees when it last happened, too.
            lastAt = now;
            underWay = true;
            toldAt = now;
            more.reset();
            return true;
        }
    }

    /**
     * Ends the episode if it has been quiet for long enough.
     *
     * @return how often it has happened since it was last told, or -1 if no episode has ended now
     */
    public long end() {
        if (!underWay) {
            return -1;
        }
        synchronized (lock) {
            if (!underWay || clock.getAsLong() - lastAt < QUIET_NANOS) {
                return -1;
            }
            underWay = false;
            return more.sumThenReset();
        }
    }

    /**
     * Tells how an episode goes on that lasts long.
     *
     * @param nanos at least so long after it was last told
     * @return how often it has happened since then, or 0 if it is too early
     */
    public long goesOn(long nanos) {
        synchronized (lock) {
            long now = clock.getAsLong();
            if (!underWay || now - toldAt < nanos) {
                return 0;
            }
            toldAt = now;
            return more.sumThenReset();
        }
    }

    /**
     * Tells whether an episode is under way.
     *
     * @return true until {@link #end} has ended it
     */
    public boolean isUnderWay() {
        return underWay;
    }
}
