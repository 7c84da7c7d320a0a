package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FaultyExecutor;
import dev.channels.test.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that are handed over together run as if each had been handed over by itself. */
final class ReadyJobsTest {

    private final FaultyExecutor executor = new FaultyExecutor();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final AtomicLong clock = new AtomicLong();
    private final DrainPool one = new DrainPool(executor, scheduler, 3, 0, clock::get);
    private final DrainPool other = new DrainPool(executor, scheduler, 3, 0, clock::get);
    private final ReadyJobs jobs = new ReadyJobs();
    private final List<Integer> ran = new ArrayList<>();

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    private final class Job extends PoolJob {
        private final int number;

        Job(int number) {
            this.number = number;
        }

        @Override
        protected boolean run(long now) {
            ran.add(number);
            return false;
        }

        @Override
        protected boolean mayBlock() {
            return false;
        }
    }

    private void add(DrainPool pool, int from, int to) {
        IntStream.range(from, to).forEach(i -> jobs.add(pool, new Job(i)));
    }

    @Test
    void theLastRunsFirstAndThoseOfTheNextHandOverBehindThem() {
        add(one, 0, 3);
        assertThat(executor.size()).as("tasks before the hand-over").isZero();
        jobs.handOver();
        one.ready(new Job(3));
        executor.runAll();
        assertThat(ran).containsExactly(2, 1, 0, 3);
    }

    @Test
    void theyStartAsManyTasksAsTheyAreWorth() {
        add(one, 0, 10);
        jobs.handOver();
        assertThat(executor.size()).as("tasks, as many as there may be").isEqualTo(3);
    }

    @Test
    void oneStartsOneTask() {
        add(one, 0, 1);
        jobs.handOver();
        assertThat(executor.size()).isEqualTo(1);
    }

    @Test
    void aBoundedNumberWaitsForTheEnd() {
        add(one, 0, 10_000);
        assertThat(executor.size()).as("tasks before the end").isEqualTo(3);
        executor.runAll();
        assertThat(ran.size()).isBetween(9_000, 9_999);
        jobs.handOver();
        executor.runAll();
        assertThat(ran)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 10_000).boxed().toList());
    }

    @Test
    void jobsOfEachPoolRunThere() {
        add(one, 0, 2);
        add(other, 2, 4);
        add(one, 4, 5);
        jobs.handOver();
        assertThat(executor.size()).as("tasks, one for each job").isEqualTo(5);
        executor.runAll();
        assertThat(ran).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void nothingIsHandedOverTwice() {
        add(one, 0, 2);
        jobs.handOver();
        jobs.handOver();
        executor.runAll();
        add(one, 2, 3);
        jobs.handOver();
        executor.runAll();
        assertThat(ran).containsExactly(1, 0, 2);
    }
}
