package dev.channels.internal.task;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves all drains that have work with a small number of tasks, first come, first served.
 *
 * <p>Invariant: while a drain is queued, at least one task is running or was handed to the
 * executor. The life of a task; those that are handed over, serving, parked or kept are {@code
 * tasks}, and there may be {@link #concurrency} of them beside the parked and the kept:
 *
 * <pre>
 *              executor runs it                a callback waits for another drain
 *   HANDED OVER ──────────────▶ SERVING ◀──────────────────────────────────────────▶ PARKED
 *       ▲                       │ │  ▲
 *       └──── for 50 ms now ────┘ │  └── a send that may block took over 10 ms ─────▶ KEPT
 *                                 └── nobody is queued, or one too many ──▶ over
 * </pre>
 *
 * <p>Another one is handed over when more drains are queued than the tasks at work are good for, or
 * when a drain has a backlog.
 *
 * <p>That a task is kept is noticed by whoever makes a drain ready, or by the scheduler, which
 * looks twice a second as long as such senders are at work; more often would cost more than all
 * their sends on some servers.
 */
public final class DrainPool {

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LOOK_MILLIS = 500;
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What parks the thread that waits. */
    @FunctionalInterface
    public interface Wait {
        /**
         * Waits.
         *
         * @return anything
         * @throws InterruptedException if the thread was interrupted
         * @throws ExecutionException if what is waited for has failed
         * @throws TimeoutException if it took too long
         */
        @Nullable Object await() throws InterruptedException, ExecutionException, TimeoutException;
    }

    /** A task at work; guarded by lock. */
    private static final class Worker {
        /** Since when a sender that may block has it; meaningless if none has. */
        private long since;

        private boolean inBlocking;
        private boolean replaced;
        private boolean listed;
    }

    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final Runnable task = this::runReady;
    private final LongSupplier clock;
    private final int concurrency;
    private final int queuePerTask;
    private final Object lock = new Object();

    // Guarded by lock: a linked list through PoolJob.next, so that queueing allocates nothing.
    private @Nullable PoolJob head;
    private @Nullable PoolJob tail;
    private int tasks;
    private int queued;
    private int parked;
    private int kept;
    private final List<Worker> workers = new ArrayList<>();

    /** Whether a look at the workers is due; written under lock. */
    private volatile boolean watched;

    /**
     * Makes a pool without tasks.
     *
     * @param executor runs the tasks
     * @param scheduler looks after tasks that a sender keeps
     * @param concurrency how many tasks there are at most, beside those that serve nobody because
     *     they are parked or kept
     * @param queuePerTask how many drains may wait for each task at work before another one is
     *     started; 0 where a drain may take long, more where waking a thread takes longer than a
     *     few drains
     */
    public DrainPool(
            Executor executor,
            ScheduledExecutorService scheduler,
            int concurrency,
            int queuePerTask) {
        this(executor, scheduler, concurrency, queuePerTask, System::nanoTime);
    }

    /**
     * Makes a pool without tasks that reads the time from a clock.
     *
     * @param executor runs the tasks
     * @param scheduler looks after tasks that a sender keeps
     * @param concurrency how many tasks there are at most
     * @param queuePerTask how many drains may wait for each task at work
     * @param clock returns nanoseconds since an arbitrary moment
     */
    public DrainPool(
            Executor executor,
            ScheduledExecutorService scheduler,
            int concurrency,
            int queuePerTask,
            LongSupplier clock) {
        this.clock = clock;
        this.queuePerTask = queuePerTask;
        this.executor = executor;
        this.scheduler = scheduler;
        this.concurrency = concurrency;
    }

    /**
     * Queues a job that has become ready.
     *
     * @param job must not be queued already
     */
    public void ready(PoolJob job) {
        synchronized (lock) {
            append(job);
            replaceKept();
            if (!isTaskDue()) {
                return;
            }
            tasks++;
        }
        executor.execute(task);
    }

    /** Tells whether another task is to be started for those that are queued. */
    private boolean isTaskDue() {
        // A task that is kept serves nobody, and one that is parked may wait for who is queued.
        int serving = parked > 0 ? 0 : tasks - kept;
        return hasPlace() && queued > serving * queuePerTask;
    }

    private boolean hasPlace() {
        return tasks < concurrency + parked + kept;
    }

    /**
     * Runs something that makes drains ready as a task of the executor, and serves them on the same
     * thread afterwards, so that few events need no second thread to be woken.
     *
     * @param producer is given what to call before it produces many events: they are then served by
     *     other tasks while it does
     */
    public void executeThenServe(Consumer<Runnable> producer) {
        executor.execute(
                () -> {
                    Place place = new Place();
                    take(place);
                    try {
                        producer.accept(() -> giveUp(place));
                    } finally {
                        if (place.taken) {
                            runReady();
                        }
                    }
                });
    }

    /** The place of a producer among the tasks; used by its thread only. */
    private static final class Place {
        private boolean taken;
    }

    private void take(Place place) {
        synchronized (lock) {
            replaceKept();
            place.taken = hasPlace();
            if (place.taken) {
                tasks++;
            }
        }
    }

    private void giveUp(Place place) {
        boolean due;
        synchronized (lock) {
            if (!place.taken) {
                return;
            }
            place.taken = false;
            // Its place goes to a task if somebody waits.
            due = head != null;
            if (!due) {
                tasks--;
            }
        }
        if (due) {
            executor.execute(task);
        }
    }

    /**
     * Waits for a drain of this pool, and lets one more task run meanwhile: the thread that waits
     * may be a callback's, and with it the task that the drain waits for.
     *
     * @param wait waits
     * @throws InterruptedException as the wait does
     * @throws ExecutionException as the wait does
     * @throws TimeoutException as the wait does
     */
    public void whileParked(Wait wait)
            throws InterruptedException, ExecutionException, TimeoutException {
        boolean due;
        synchronized (lock) {
            parked++;
            due = head != null && hasPlace();
            if (due) {
                tasks++;
            }
        }
        if (due) {
            executor.execute(task);
        }
        try {
            wait.await();
        } finally {
            synchronized (lock) {
                parked--;
            }
        }
    }

    /**
     * Returns what runs something off the threads that call: a job's own, a backend's.
     *
     * @return the executor of the tasks
     */
    public Executor executor() {
        return executor;
    }

    /**
     * Reads the clock.
     *
     * @return the time in nanoseconds, since an arbitrary moment
     */
    public long now() {
        return clock.getAsLong();
    }

    private void runReady() {
        long start = now();
        Worker worker = new Worker();
        for (PoolJob job = next(worker); job != null; job = next(worker)) {
            if (job.mayBlock() && !watched) {
                watch();
            }
            if (job.run() && again(job)) {
                executor.execute(task);
            }
            if (now() - start > TURN_NANOS) {
                synchronized (lock) {
                    endRun(worker);
                    workers.remove(worker);
                }
                executor.execute(task);
                return;
            }
        }
    }

    /** Queues a drain that has more to do; tells whether another task is worth its start. */
    private boolean again(PoolJob job) {
        synchronized (lock) {
            append(job);
            boolean due = queued > 1 && hasPlace();
            if (due) {
                tasks++;
            }
            return due;
        }
    }

    private @Nullable PoolJob next(Worker worker) {
        synchronized (lock) {
            endRun(worker);
            PoolJob first = head;
            if (first == null || tasks > concurrency + parked + kept) {
                tasks--;
                workers.remove(worker);
                return null;
            }
            queued--;
            head = first.next;
            first.next = null;
            if (head == null) {
                tail = null;
            }
            if (first.mayBlock()) {
                beginRun(worker);
            }
            return first;
        }
    }

    // ---- Tasks that a sender keeps

    private void beginRun(Worker worker) {
        worker.inBlocking = true;
        worker.since = now();
        if (!worker.listed) {
            worker.listed = true;
            workers.add(worker);
        }
    }

    private void endRun(Worker worker) {
        worker.inBlocking = false;
        if (worker.replaced) {
            worker.replaced = false;
            kept--;
        }
    }

    /** Has the workers looked at, unless they are already. */
    private void watch() {
        synchronized (lock) {
            if (watched) {
                return;
            }
            watched = true;
        }
        lookLater();
    }

    private void lookLater() {
        try {
            var unused = scheduler.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            // Whatever a container throws that is being stopped. The flag stays, so that this is
            // tried and logged once.
            Log.warn(
                    ErrorCode.EXECUTOR,
                    "The scheduler refuses tasks (is the server stopping?); a client that does not"
                            + " read may hold up others until its send times out.",
                    e);
        }
    }

    /** Replaces kept tasks where nobody makes a drain ready. */
    private void look() {
        int due = 0;
        boolean again;
        synchronized (lock) {
            again = replaceKept();
            while (due < queued && hasPlace()) {
                tasks++;
                due++;
            }
            watched = again;
        }
        for (int i = 0; i < due; i++) {
            executor.execute(task);
        }
        if (again) {
            lookLater();
        }
    }

    /** Lets one more run for each worker that a sender keeps; tells whether any is at work. */
    private boolean replaceKept() {
        boolean busy = false;
        for (Worker worker : workers) {
            busy |= worker.inBlocking;
            if (worker.inBlocking && !worker.replaced && now() - worker.since > KEPT_NANOS) {
                worker.replaced = true;
                kept++;
            }
        }
        return busy;
    }

    private void append(PoolJob job) {
        queued++;
        PoolJob last = tail;
        if (last == null) {
            head = job;
        } else {
            last.next = job;
        }
        tail = job;
    }
}
