package dev.channels.internal.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one node logs. What can happen again and again is an {@link Episode} for each kind, however
 * many subscribers and channels it happens to: its first time is a line, how often it happened
 * after that is another one at its end, and one a minute while it goes on.
 *
 * <p>No line is made or written on the thread of a caller, which may be the only one of a broker's
 * client: the lines are handed to the executor, in order, a thousand at the most. Safe for use by
 * any thread; never blocks, never throws.
 */
public final class NodeLog {

    private static final int MAX_LINES = 1_000;

    /** Kinds beyond that share an episode: a kind may have the name of a class in it. */
    private static final int MAX_KINDS = 200;

    private static final long GOES_ON_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What has an episode of its own. */
    private record Kind(ErrorCode code, String about) {

        // Written out: see Position.equals.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Kind that && code == that.code && about.equals(that.about);
        }

        @Override
        public int hashCode() {
            return 31 * code.hashCode() + about.hashCode();
        }
    }

    private final SerialExecutor lines;
    private final ScheduledExecutorService scheduler;
    private final LongSupplier clock;
    private final Map<Kind, Episode> episodes = new ConcurrentHashMap<>();
    private final AtomicInteger leftOut = new AtomicInteger();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private boolean lookDue;

    /**
     * Makes a log.
     *
     * @param executor writes the lines
     * @param scheduler looks for episodes that have ended
     */
    public NodeLog(SureExecutor executor, ScheduledExecutorService scheduler) {
        this(executor, scheduler, System::nanoTime);
    }

    /**
     * Makes a log that reads the time from a clock.
     *
     * @param executor writes the lines
     * @param scheduler looks for episodes that have ended
     * @param clock returns nanoseconds since an arbitrary moment
     */
    public NodeLog(SureExecutor executor, ScheduledExecutorService scheduler, LongSupplier clock) {
        this.lines = new SerialExecutor(executor, MAX_LINES);
        this.scheduler = scheduler;
        this.clock = clock;
    }

    // ---- Once

    /**
     * Warns of what does not happen again and again.
     *
     * @param code the code
     * @param message what, which value, where, what to do
     * @param cause what led to it, or null
     */
    public void warn(ErrorCode code, String message, @Nullable Throwable cause) {
        write(() -> Log.warn(code, message, cause));
    }

    /**
     * Logs a change of the node's state.
     *
     * @param message what is so now
     */
    public void state(String message) {
        write(() -> Log.state(message));
    }

    // ---- Again and again

    /**
     * Warns of what can happen again and again; all that has the same code is one kind.
     *
     * @param code the code
     * @param message makes the message; called on the executor, and only where it is written
     * @param cause what led to it, or null
     */
    public void warn(ErrorCode code, Supplier<String> message, @Nullable Throwable cause) {
        warn(code, "", message, cause);
    }

    /**
     * Warns of what can happen again and again.
     *
     * @param code the code
     * @param about what is a kind of its own beside the code: the name of a class, say; never one
     *     of a channel or a client
     * @param message makes the message; called on the executor, and only where it is written
     * @param cause what led to it, or null
     */
    public void warn(
            ErrorCode code, String about, Supplier<String> message, @Nullable Throwable cause) {
        if (episode(new Kind(code, about)).begin()) {
            write(() -> Log.warn(code, message.get(), cause));
            lookLater();
        }
    }

    private Episode episode(Kind kind) {
        Episode known = episodes.get(kind);
        if (known != null) {
            return known;
        }
        Kind kept = episodes.size() < MAX_KINDS ? kind : new Kind(kind.code(), "");
        return episodes.computeIfAbsent(kept, k -> new Episode(clock));
    }

    private void write(Runnable line) {
        if (!lines.offer(line)) {
            leftOut.incrementAndGet();
            return;
        }
        int missing = leftOut.getAndSet(0);
        if (missing > 0 && !lines.offer(() -> Log.state(missing + " lines were left out here"))) {
            leftOut.addAndGet(missing);
        }
    }

    // ---- Looking for the end of episodes

    private void lookLater() {
        synchronized (lock) {
            if (lookDue) {
                return;
            }
            lookDue = true;
        }
        try {
            var unused = scheduler.schedule(this::look, Episode.QUIET_NANOS, TimeUnit.NANOSECONDS);
        } catch (Throwable e) {
            // A server that is being stopped; nobody misses how often it happened until then.
            synchronized (lock) {
                lookDue = false;
            }
        }
    }

    private void look() {
        synchronized (lock) {
            lookDue = false;
        }
        boolean underWay = false;
        for (Map.Entry<Kind, Episode> entry : episodes.entrySet()) {
            Kind kind = entry.getKey();
            Episode episode = entry.getValue();
            tellMore(kind, episode.end(), "until now");
            tellMore(kind, episode.goesOn(GOES_ON_NANOS), "in the last minute; it goes on");
            underWay |= episode.isUnderWay();
        }
        if (underWay) {
            lookLater();
        }
    }

    private void tellMore(Kind kind, long count, String when) {
        if (count > 0) {
            String about = kind.about().isEmpty() ? "" : " (" + kind.about() + ")";
            write(
                    () ->
                            Log.warn(
                                    kind.code(),
                                    String.format(
                                            Locale.ROOT, "… %,d more%s %s", count, about, when),
                                    null));
        }
    }
}
