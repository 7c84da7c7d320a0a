package dev.channels.internal.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.internal.task.Bookings.Booking;
import dev.channels.spi.Log;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that each task runs, and runs once, whatever the executor below does: throws
 * exceptions or errors, loses tasks, runs them twice. So whoever books a task here need not take
 * the booking back. It never throws, and never runs a task on the thread of its caller.
 *
 * <p>A task that was refused, or that has waited for some seconds, is handed over again by a look
 * of the scheduler; what begins first runs, and the other copy does nothing. Should the scheduler
 * fail as well, the next caller looks.
 *
 * <p>An executor that begins nothing for that time is starving: another application may keep all
 * threads of the server. A few threads aside then run the tasks, until the executor begins one.
 *
 * <pre>
 *            a task has waited too long
 *   SERVED ────────────────────────────▶ STARVING: tasks go aside, one a second to the executor too
 *      ▲                                     │
 *      └──────── the executor begins one ────┘
 * </pre>
 */
public final class SureExecutor implements Executor {

    /** After that a task may be lost. An executor that is overloaded gets it once more. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

    private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_DELAY = TimeUnit.SECONDS.toNanos(5);

    /** So many are handed over again in one look, so that it does not become a load itself. */
    private static final int AT_ONCE = 64;

    /** How often an executor that begins nothing gets a task all the same. */
    private static final long ASKED_AGAIN = TimeUnit.SECONDS.toNanos(1);

    private final Executor executor;

    /** Runs what the executor does not begin, or null. */
    private final @Nullable Executor aside;

    private final ScheduledExecutorService scheduler;
    private final LongSupplier clock;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Bookings waiting = new Bookings();

    /** When the next look is, or null if none is planned. */
    @GuardedBy("lock")
    private @Nullable Long lookAt;

    @GuardedBy("lock")
    private @Nullable ScheduledFuture<?> look;

    /** Whether the scheduler has thrown for the next look. */
    @GuardedBy("lock")
    private boolean looksFail;

    /** Whether the executor begins nothing; written under lock. */
    private volatile boolean starving;

    /** When the executor got a task last. */
    @GuardedBy("lock")
    private long askedAt;

    /** What the executor threw last and is not logged yet. */
    @GuardedBy("lock")
    private @Nullable Throwable refusal;

    private final Episode refusing;

    private SureExecutor(
            Executor executor,
            @Nullable Executor aside,
            ScheduledExecutorService scheduler,
            LongSupplier clock) {
        this.executor = executor;
        this.aside = aside;
        this.scheduler = scheduler;
        this.clock = clock;
        this.refusing = new Episode(clock);
    }

    /**
     * Makes an executor, unless the given one is such already.
     *
     * @param executor runs the tasks
     * @param scheduler looks after those that it does not run
     * @return an executor that runs each task once
     */
    public static SureExecutor on(Executor executor, ScheduledExecutorService scheduler) {
        return on(executor, scheduler, System::nanoTime);
    }

    /**
     * Makes an executor, unless the given one is such already, that reads the time from a clock.
     *
     * @param executor runs the tasks
     * @param scheduler looks after those that it does not run
     * @param clock returns nanoseconds since an arbitrary moment
     * @return an executor that runs each task once
     */
    public static SureExecutor on(
            Executor executor, ScheduledExecutorService scheduler, LongSupplier clock) {
        return executor instanceof SureExecutor sure
                ? sure
                : new SureExecutor(executor, null, scheduler, clock);
    }

    /**
     * Makes an executor that does not depend on the threads of the given one.
     *
     * @param executor runs the tasks
     * @param aside a few threads that run what waits for too long, and all that follows until the
     *     executor begins a task again
     * @param scheduler looks after tasks that are not run
     * @param clock returns nanoseconds since an arbitrary moment
     * @return an executor that runs each task once
     */
    public static SureExecutor on(
            Executor executor,
            Executor aside,
            ScheduledExecutorService scheduler,
            LongSupplier clock) {
        return new SureExecutor(executor, aside, scheduler, clock);
    }

    @Override
    public void execute(Runnable task) {
        Booking booking = new Booking(task);
        long now = clock.getAsLong();
        boolean overdue;
        boolean planned;
        boolean asked;
        boolean ran = starving;
        synchronized (lock) {
            asked = !ran || now - askedAt >= ASKED_AGAIN;
            if (asked) {
                askedAt = now;
            }
            waiting.add(booking, now + PATIENCE);
            overdue = lookAt != null && now - lookAt > (looksFail ? 0 : PATIENCE);
            planned = isPlanned(now + PATIENCE);
        }
        if (ran) {
            runAside(booking);
        }
        if (asked) {
            handOver(booking);
        }
        if (overdue) {
            look();
        } else if (!planned) {
            plan(now + PATIENCE);
        }
    }

    private void handOver(Booking booking) {
        try {
            executor.execute(
                    () -> {
                        if (starving) {
                            endStarving();
                        }
                        run(booking);
                    });
        } catch (Throwable e) {
            // Not only RejectedExecutionException: no memory for another thread, say.
            Long again = refused(booking, e);
            if (again != null) {
                plan(again);
            }
        }
    }

    private void endStarving() {
        synchronized (lock) {
            starving = false;
        }
    }

    private void runAside(Booking booking) {
        try {
            if (aside != null) {
                aside.execute(() -> run(booking));
            }
        } catch (Throwable e) {
            // No memory for a thread, say. It waits, and is handed over again.
        }
    }

    private @Nullable Long refused(Booking booking, Throwable why) {
        synchronized (lock) {
            if (!waiting.defer(booking, clock.getAsLong(), FIRST_DELAY, LONGEST_DELAY)) {
                return null;
            }
            refusal = why;
            return booking.dueAt();
        }
    }

    private void run(Booking booking) {
        boolean begins;
        synchronized (lock) {
            begins = waiting.begin(booking);
        }
        if (begins) {
            booking.task().run();
        }
    }

    // ---- Looking after the tasks that wait

    @GuardedBy("lock")
    private boolean isPlanned(long at) {
        return lookAt != null && lookAt - at <= 0;
    }

    /** Has the scheduler look at a moment, if it would not before. */
    private void plan(long at) {
        synchronized (lock) {
            if (isPlanned(at)) {
                return;
            }
            lookAt = at;
        }
        boolean planned = false;
        try {
            long delay = Math.max(1, at - clock.getAsLong());
            ScheduledFuture<?> next = scheduler.schedule(this::look, delay, TimeUnit.NANOSECONDS);
            planned = true;
            synchronized (lock) {
                look = next;
            }
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped. Then the next caller looks.
        } finally {
            synchronized (lock) {
                looksFail = !planned;
            }
        }
    }

    private void look() {
        List<Booking> due;
        List<Booking> late;
        Throwable why;
        synchronized (lock) {
            lookAt = null;
            due = waiting.takeDue(clock.getAsLong(), PATIENCE, AT_ONCE);
            late = aside == null ? List.of() : due.stream().filter(it -> !it.isRefused()).toList();
            due.forEach(Booking::handOver);
            starving |= !late.isEmpty();
            why = refusal;
            refusal = null;
        }
        try {
            late.forEach(this::runAside);
            due.forEach(this::handOver);
        } finally {
            Long next;
            synchronized (lock) {
                next = waiting.nextDue();
            }
            if (next != null) {
                plan(next);
            }
        }
        if (!due.isEmpty() && refusing.begin()) {
            tell(why, !late.isEmpty());
        }
    }

    private static void tell(@Nullable Throwable why, boolean aside) {
        Log.warn(
                ErrorCode.EXECUTOR,
                why != null
                        ? "The executor refuses tasks; they are handed over again until it takes"
                                + " them."
                        : "Tasks have waited for "
                                + TimeUnit.NANOSECONDS.toSeconds(PATIENCE)
                                + " s for the executor and are handed over once more."
                                + (aside
                                        ? " A few threads of the library's own help until it begins"
                                                + " tasks again."
                                        : "")
                                + " Give it more threads, or find what keeps them: callbacks that"
                                + " block, of any application of this server.",
                why);
    }

    /** Ends the looks, so that a scheduler keeps nothing of a node that has stopped. */
    public void rest() {
        ScheduledFuture<?> ended;
        synchronized (lock) {
            ended = look;
            look = null;
            lookAt = null;
        }
        if (ended != null) {
            ended.cancel(false);
        }
    }
}
