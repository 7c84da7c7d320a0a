package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.test.LogCapture;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Many threads make jobs of one pool ready, on an executor that fails now and then: all work is
 * done, no job is in two tasks at once, and there are no more tasks than meant. Rounds go on until
 * the moments that could go wrong have been met often enough; a run that never meets them fails.
 */
class PoolStressTest {

    private static final int JOBS = 8;
    private static final int PRODUCERS = 3;
    private static final int CONCURRENCY = 2;
    private static final int PER_ROUND = 2_000;

    /** On a busy machine a round may have one task only, and one of twenty tasks is refused. */
    private static final int MOST_ROUNDS = 5_000;

    private static final int OFTEN = 50;

    private final ExecutorService threads = Executors.newFixedThreadPool(6);
    private final ScheduledThreadPoolExecutor soon =
            new ScheduledThreadPoolExecutor(1) {
                @Override
                public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                    return super.schedule(task, 100, TimeUnit.MICROSECONDS);
                }
            };
    private final LogCapture log = new LogCapture();

    private final AtomicInteger serving = new AtomicInteger();
    private final AtomicInteger mostServing = new AtomicInteger();
    private final AtomicBoolean wrong = new AtomicBoolean();
    private final AtomicLong done = new AtomicLong();

    /** The moments that are wanted. */
    private final AtomicInteger cameDuringATurn = new AtomicInteger();

    private final AtomicInteger cameRightAfterATurn = new AtomicInteger();
    private final AtomicInteger begunFromRest = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger twice = new AtomicInteger();

    @AfterEach
    void end() {
        threads.shutdownNow();
        soon.shutdownNow();
        log.close();
    }

    /** Refuses some tasks and runs some twice. */
    private final class ShakyExecutor implements Executor {
        private final Random random;

        ShakyExecutor(long seed) {
            random = new Random(seed);
        }

        @Override
        public void execute(Runnable task) {
            int what;
            synchronized (random) {
                what = random.nextInt(20);
            }
            if (what == 0) {
                refused.incrementAndGet();
                throw new IllegalStateException("no thread is left");
            }
            threads.execute(task);
            if (what == 1) {
                twice.incrementAndGet();
                threads.execute(task);
            }
        }
    }

    /** Is ready while work is pending. */
    private final class Job extends PoolJob {
        private final AtomicInteger pending = new AtomicInteger();
        private final AtomicBoolean inTurn = new AtomicBoolean();
        private volatile boolean leaving;

        void work(DrainPool pool) {
            if (pending.getAndIncrement() == 0) {
                if (leaving) {
                    cameRightAfterATurn.incrementAndGet();
                }
                if (serving.get() == 0) {
                    begunFromRest.incrementAndGet();
                }
                pool.ready(this);
            }
        }

        @Override
        protected boolean run(long now) {
            if (!inTurn.compareAndSet(false, true)) {
                wrong.set(true);
            }
            mostServing.accumulateAndGet(serving.incrementAndGet(), Math::max);
            leaving = false;
            int taken = pending.get();
            done.addAndGet(taken);
            serving.decrementAndGet();
            inTurn.set(false);
            leaving = true;
            boolean more = pending.addAndGet(-taken) > 0;
            if (more) {
                cameDuringATurn.incrementAndGet();
            }
            return more;
        }

        @Override
        protected boolean mayBlock() {
            return false;
        }
    }

    @RepeatedTest(2)
    void allWorkIsDoneByAFewTasks(RepetitionInfo repetition) throws Exception {
        long seed = repetition.getCurrentRepetition();
        DrainPool pool = new DrainPool(new ShakyExecutor(seed), soon, CONCURRENCY, 0);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(new Job());
        }
        long produced = 0;
        int rounds = 0;
        while (rounds < MOST_ROUNDS && (rounds < 5 || !isEveryMomentMet())) {
            produced += round(pool, jobs, seed * MOST_ROUNDS + rounds);
            rounds++;
            long expected = produced;
            await().atMost(Threads.PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> assertThat(done).hasValue(expected));
        }
        assertThat(wrong).isFalse();
        assertThat(mostServing.get()).isBetween(1, CONCURRENCY);
        assertThat(isEveryMomentMet()).as(this::moments).isTrue();
    }

    private long round(DrainPool pool, List<Job> jobs, long seed) throws Exception {
        List<Running<Void>> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            Random random = new Random(seed * PRODUCERS + i);
            producers.add(
                    Threads.run(
                            () -> {
                                for (int n = 0; n < PER_ROUND; n++) {
                                    jobs.get(random.nextInt(JOBS)).work(pool);
                                    if (random.nextInt(50) == 0) {
                                        Thread.yield();
                                    }
                                }
                            }));
        }
        for (Running<Void> producer : producers) {
            producer.get();
        }
        return (long) PRODUCERS * PER_ROUND;
    }

    private boolean isEveryMomentMet() {
        return cameDuringATurn.get() > OFTEN
                && cameRightAfterATurn.get() > OFTEN
                && begunFromRest.get() > OFTEN
                && refused.get() > OFTEN
                && twice.get() > OFTEN;
    }

    private String moments() {
        return "during a turn "
                + cameDuringATurn
                + ", right after one "
                + cameRightAfterATurn
                + ", from rest "
                + begunFromRest
                + ", refused "
                + refused
                + ", twice "
                + twice;
    }
}
