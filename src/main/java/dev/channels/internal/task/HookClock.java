package dev.channels.internal.task;

import dev.channels.ErrorCode;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures how long code of the application keeps a thread that may be the only one of a broker's
 * client, and names in the log what keeps it for long: otherwise the broker is blamed for what
 * comes of it. Safe for use by any thread.
 */
public final class HookClock {

    /** What a hook that does not block never takes. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NodeLog log;
    private final LongSupplier clock;

    /**
     * Makes a clock.
     *
     * @param log is told of what takes long
     */
    public HookClock(NodeLog log) {
        this(log, System::nanoTime);
    }

    /**
     * Makes a clock that reads the time from another one.
     *
     * @param log is told of what takes long
     * @param clock returns nanoseconds since an arbitrary moment
     */
    public HookClock(NodeLog log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Begins to measure.
     *
     * @return what {@link #end} is given
     */
    public long begin() {
        return clock.getAsLong();
    }

    /**
     * Ends what was begun.
     *
     * @param begun what {@link #begin} returned
     * @param hook whose code it was
     */
    public void end(long begun, Class<?> hook) {
        long nanos = clock.getAsLong() - begun;
        if (nanos > LONG_NANOS) {
            String name = hook.getName();
            log.warn(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    "slow " + name,
                    () ->
                            name
                                    + " kept a thread of the broker's client for "
                                    + TimeUnit.NANOSECONDS.toMillis(nanos)
                                    + " ms. It must not block: hand what takes long to an executor,"
                                    + " or consume the events in the background.",
                    null);
        }
    }
}
