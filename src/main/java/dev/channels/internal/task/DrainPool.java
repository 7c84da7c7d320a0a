package dev.channels.internal.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.internal.task.Places.Place;
import dev.channels.spi.Log;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves all jobs that have work with a small number of tasks, first come, first served.
 *
 * <p>Invariant: while a job is queued, at least one task is running or was handed to the executor,
 * which runs each one once ({@link SureExecutor}). {@link Places} tells how many there are and may
 * be; another one is started when more jobs are queued than those at work are good for, or when a
 * job has a backlog.
 *
 * <p>A job that may block may keep its task, which then serves nobody. That is noticed by whoever
 * makes a job ready, or by the scheduler, which looks twice a second as long as such jobs are at
 * work; more often would cost more than all their sends on some servers.
 */
public final class DrainPool {

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

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

    private final SureExecutor executor;
    private final ScheduledExecutorService scheduler;
    private final Runnable task = this::serve;
    private final LongSupplier clock;
    private final Episode unwatched;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final JobQueue queue = new JobQueue();

    @GuardedBy("lock")
    private final Places places;

    /** Whether a look at the tasks is due; written under lock. */
    private volatile boolean watched;

    /** After a scheduler that refuses, when it is asked again. */
    @GuardedBy("lock")
    private long watchableAt;

    /**
     * Makes a pool without tasks.
     *
     * @param executor runs the tasks
     * @param scheduler looks after tasks that a sender keeps
     * @param concurrency how many tasks there are at most, beside those that serve nobody because
     *     they are parked or kept
     * @param queuePerTask how many jobs may wait for each task at work before another one is
     *     started; 0 where a job may take long, more where waking a thread takes longer than a few
     *     jobs
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
     * @param queuePerTask how many jobs may wait for each task at work
     * @param clock returns nanoseconds since an arbitrary moment
     */
    public DrainPool(
            Executor executor,
            ScheduledExecutorService scheduler,
            int concurrency,
            int queuePerTask,
            LongSupplier clock) {
        this.executor = SureExecutor.on(executor, scheduler, clock);
        this.scheduler = scheduler;
        this.clock = clock;
        this.unwatched = new Episode(clock);
        this.places = new Places(concurrency, queuePerTask, KEPT_NANOS);
        this.watchableAt = clock.getAsLong();
    }

    /**
     * Queues a job that has become ready.
     *
     * @param job must not be queued already
     */
    public void ready(PoolJob job) {
        boolean due;
        synchronized (lock) {
            queue.add(job);
            lookAtPlaces();
            due = places.takeFor(queue.size());
        }
        if (due) {
            executor.execute(task);
        }
    }

    /** Queues jobs that have become ready, and leaves none of them there. */
    void ready(JobQueue jobs) {
        int due = 0;
        synchronized (lock) {
            int more = jobs.size();
            queue.addAll(jobs);
            lookAtPlaces();
            while (due < more && places.takeFor(queue.size())) {
                due++;
            }
        }
        for (int i = 0; i < due; i++) {
            executor.execute(task);
        }
    }

    /**
     * Runs something that makes jobs ready as a task of the executor, and serves them on the same
     * thread afterwards, so that few events need no second thread to be woken.
     *
     * @param producer is given what to call before it produces many events: they are then served by
     *     other tasks while it does
     */
    public void executeThenServe(Consumer<Runnable> producer) {
        executor.execute(() -> produceThenServe(producer));
    }

    private void produceThenServe(Consumer<Runnable> producer) {
        boolean[] hasPlace = {takePlace()};
        try {
            producer.accept(
                    () -> {
                        if (hasPlace[0]) {
                            hasPlace[0] = false;
                            handOn();
                        }
                    });
        } finally {
            if (hasPlace[0]) {
                serve();
            }
        }
    }

    /** Reads the clock only where it is needed: most senders never block. */
    @GuardedBy("lock")
    private void lookAtPlaces() {
        if (places.isAnyBlocking()) {
            places.look(now());
        }
    }

    private boolean takePlace() {
        synchronized (lock) {
            lookAtPlaces();
            return places.take();
        }
    }

    /** Gives a place to another task if a job waits, and back otherwise. */
    private void handOn() {
        synchronized (lock) {
            if (queue.size() == 0) {
                places.giveBack();
                return;
            }
        }
        executor.execute(task);
    }

    /**
     * Waits for a job of this pool, and lets one more task run meanwhile: the thread that waits may
     * be a callback's, and with it the task that the job waits for.
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
            places.park();
            due = queue.size() > 0 && places.take();
        }
        try {
            if (due) {
                executor.execute(task);
            }
            wait.await();
        } finally {
            synchronized (lock) {
                places.unpark();
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

    // ---- Tasks

    private void serve() {
        Place place = new Place();
        boolean ended = false;
        try {
            ended = serveUntilOver(place);
        } finally {
            if (!ended) {
                // Its turn is over, or a job threw an error: another task goes on in its place.
                synchronized (lock) {
                    places.endBlocking(place);
                }
                executor.execute(task);
            }
        }
    }

    /** Serves job after job; returns false at the end of its turn, and true without a place. */
    private boolean serveUntilOver(Place place) {
        long start = now();
        long turn = start;
        for (PoolJob job = next(place); job != null; job = next(place)) {
            if (job.mayBlock() && !watched) {
                watch();
            }
            if (job.run(turn) && queueAgain(job)) {
                executor.execute(task);
            }
            turn = now();
            if (turn - start > TURN_NANOS) {
                return false;
            }
        }
        return true;
    }

    /** Queues a job that has more to do; tells whether another task is worth its start. */
    private boolean queueAgain(PoolJob job) {
        synchronized (lock) {
            queue.add(job);
            return queue.size() > 1 && places.take();
        }
    }

    /** Returns the job that is next, or null after giving the place back. */
    private @Nullable PoolJob next(Place place) {
        synchronized (lock) {
            places.endBlocking(place);
            PoolJob job = places.isOneTooMany() ? null : queue.poll();
            if (job == null) {
                places.giveBack();
            } else if (job.mayBlock()) {
                places.beginBlocking(place, now());
            }
            return job;
        }
    }

    // ---- Tasks that a job keeps

    /** Has the tasks looked at, unless they are already. */
    private void watch() {
        synchronized (lock) {
            if (watched || now() - watchableAt < 0) {
                return;
            }
            watched = true;
        }
        lookLater();
    }

    private void lookLater() {
        try {
            var unused = scheduler.schedule(this::look, LOOK_NANOS, TimeUnit.NANOSECONDS);
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped.
            synchronized (lock) {
                watched = false;
                watchableAt = now() + LOOK_AGAIN_NANOS;
            }
            if (unwatched.begin()) {
                Log.warn(
                        ErrorCode.EXECUTOR,
                        "The scheduler refuses tasks (is the server stopping?); a client that does"
                                + " not read may hold up others until its send times out.",
                        e);
            }
        }
    }

    /** Replaces kept tasks where nobody makes a job ready. */
    private void look() {
        int due = 0;
        boolean again;
        synchronized (lock) {
            lookAtPlaces();
            again = places.isAnyBlocking();
            while (due < queue.size() && places.take()) {
                due++;
            }
            watched = again;
        }
        try {
            for (int i = 0; i < due; i++) {
                executor.execute(task);
            }
        } finally {
            if (again) {
                lookLater();
            }
        }
    }
}
