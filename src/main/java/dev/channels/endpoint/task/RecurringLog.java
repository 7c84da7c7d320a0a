package dev.channels.endpoint.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs what each of many clients can bring about: at once when it happens first, and then at most
 * once a minute for each code, with how often it has happened since.
 *
 * <p>Safe for use by any thread.
 */
public final class RecurringLog {

    static final long PERIOD_NANOS = 60_000_000_000L;

    private static final class Kind {
        private long logged;
        private long since;
    }

    private final LongSupplier clock;

    @GuardedBy("this")
    private final Map<ErrorCode, Kind> kinds = new EnumMap<>(ErrorCode.class);

    public RecurringLog(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Logs a warning, or counts it for the next one.
     *
     * @param code the kind of what happened
     * @param message what, where, what to do; on one line
     */
    public void warn(ErrorCode code, String message) {
        warn(code, message, null);
    }

    /**
     * Logs a warning with where something failed, or counts it for the next one.
     *
     * @param code the kind of what happened
     * @param message what, where, what to do; on one line
     * @param failure logged with its stack and without its message, which may hold what a client
     *     sent; or null
     */
    public void warn(ErrorCode code, String message, @Nullable Throwable failure) {
        long before;
        synchronized (this) {
            long now = clock.getAsLong();
            Kind kind = kinds.get(code);
            if (kind == null) {
                kind = new Kind();
                kinds.put(code, kind);
            } else if (now - kind.logged < PERIOD_NANOS) {
                kind.since++;
                return;
            }
            kind.logged = now;
            before = kind.since;
            kind.since = 0;
        }
        Log.warn(
                code,
                before == 0
                        ? message
                        : message + " (and " + before + " times more since the last such line)",
                failure == null ? null : Trace.of(failure));
    }
}
