package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.channels.test.FaultyExecutor;
import dev.channels.test.FaultyExecutor.Fault;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pool goes on, with as many tasks as ever, after an executor or a job in trouble. */
final class PoolFaultsTest {

    private final FaultyExecutor executor = new FaultyExecutor();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final AtomicLong clock = new AtomicLong();
    private final DrainPool pool = new DrainPool(executor, scheduler, 2, 0, clock::get);
    private final List<String> ran = new ArrayList<>();
    private final LogCapture log = new LogCapture();

    @AfterEach
    void end() {
        log.close();
        scheduler.shutdownNow();
    }

    private final class Job extends PoolJob {
        private final String name;
        private int again;

        Job(String name, int again) {
            this.name = name;
            this.again = again;
        }

        @Override
        protected boolean run(long now) {
            ran.add(name);
            return again-- > 0;
        }

        @Override
        protected boolean mayBlock() {
            return false;
        }
    }

    private void settle() {
        for (int second = 0; second < 30; second++) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
            int planned = scheduler.size();
            for (int i = 0; i < planned; i++) {
                scheduler.runNext();
            }
            executor.runAll();
        }
    }

    private void assertAsManyTasksAsEver() {
        for (int i = 0; i < 5; i++) {
            pool.ready(new Job("later", 0));
        }
        assertThat(executor.size()).isEqualTo(2);
        executor.runAll();
        assertThat(ran.stream().filter("later"::equals)).hasSize(5);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whenJobsBecomeReady(Fault fault) {
        executor.fault = fault;
        for (int i = 0; i < 4; i++) {
            pool.ready(new Job("job", 0));
        }
        executor.fault = Fault.NONE;
        settle();
        assertThat(ran).hasSize(4).containsOnly("job");
        assertAsManyTasksAsEver();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whenAJobIsQueuedAgain(Fault fault) {
        pool.ready(new Job("long", 3));
        pool.ready(new Job("long", 3));
        executor.fault = fault;
        executor.runAll();
        executor.fault = Fault.NONE;
        settle();
        assertThat(ran).hasSize(8);
        assertAsManyTasksAsEver();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whenAProducerMakesMany(Fault fault) {
        executor.fault = fault;
        pool.executeThenServe(
                produceMany -> {
                    ran.add("producer");
                    pool.ready(new Job("job", 0));
                    produceMany.run();
                    produceMany.run();
                    pool.ready(new Job("job", 0));
                });
        executor.runAll();
        executor.fault = Fault.NONE;
        settle();
        assertThat(ran).containsExactlyInAnyOrder("producer", "job", "job");
        assertAsManyTasksAsEver();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whenAThreadParks(Fault fault) throws Exception {
        pool.ready(new Job("job", 0));
        pool.ready(new Job("job", 0));
        pool.ready(new Job("job", 0));
        executor.fault = fault;
        pool.whileParked(() -> null);
        executor.fault = Fault.NONE;
        settle();
        assertThat(ran).hasSize(3);
        assertAsManyTasksAsEver();
    }

    @Test
    void whenAJobThrows() {
        pool.ready(
                new PoolJob() {
                    @Override
                    protected boolean run(long now) {
                        throw new OutOfMemoryError("in a job");
                    }

                    @Override
                    protected boolean mayBlock() {
                        return true;
                    }
                });
        pool.ready(new Job("job", 0));
        assertThat(catchThrowable(executor::runAll)).hasMessage("in a job");
        settle();
        assertThat(ran).containsExactly("job");
        assertAsManyTasksAsEver();
    }

    @Test
    void whenAProducerThrows() {
        pool.executeThenServe(
                produceMany -> {
                    pool.ready(new Job("job", 0));
                    throw new IllegalStateException("producer");
                });
        assertThat(catchThrowable(executor::runAll)).hasMessage("producer");
        settle();
        assertThat(ran).containsExactly("job");
        assertAsManyTasksAsEver();
    }

    @Test
    void whenTheSchedulerThrowsItIsAskedAgainLater() {
        ScheduledThreadPoolExecutor ended = new ScheduledThreadPoolExecutor(1);
        ended.shutdownNow();
        DrainPool unwatched =
                new DrainPool(
                        SureExecutor.on(executor, scheduler, clock::get), ended, 1, 0, clock::get);
        for (int i = 0; i < 100; i++) {
            unwatched.ready(
                    new PoolJob() {
                        @Override
                        protected boolean run(long now) {
                            ran.add("blocking");
                            return false;
                        }

                        @Override
                        protected boolean mayBlock() {
                            return true;
                        }
                    });
            executor.runAll();
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        }
        assertThat(ran).hasSize(100);
        assertThat(log.messages("CHANNELS0019")).hasSizeBetween(1, 5);
    }
}
