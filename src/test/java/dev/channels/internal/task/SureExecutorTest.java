package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FaultyExecutor;
import dev.channels.test.FaultyExecutor.Fault;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SureExecutorTest {

    private final FaultyExecutor executor = new FaultyExecutor();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final AtomicLong clock = new AtomicLong();
    private final List<String> ran = new ArrayList<>();
    private final LogCapture log = new LogCapture();

    @AfterEach
    void end() {
        log.close();
        scheduler.shutdownNow();
    }

    private SureExecutor sure(ScheduledExecutorService later) {
        return SureExecutor.on(executor, later, clock::get);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
        int planned = scheduler.size();
        for (int i = 0; i < planned; i++) {
            scheduler.runNext();
        }
        executor.runAll();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void eachTaskRunsOnceWhateverTheExecutorDoes(Fault fault) {
        SureExecutor sure = sure(scheduler);
        executor.fault = fault;
        sure.execute(() -> ran.add("in trouble"));
        executor.runAll();
        pass(Duration.ofMillis(100));
        executor.fault = Fault.NONE;
        sure.execute(() -> ran.add("afterwards"));
        executor.runAll();
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(ran).containsExactlyInAnyOrder("in trouble", "afterwards");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void nothingIsPlannedWhereNothingWaits(Fault fault) {
        SureExecutor sure = sure(scheduler);
        executor.fault = fault;
        sure.execute(() -> ran.add("1"));
        executor.fault = Fault.NONE;
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(ran).hasSize(1);
        assertThat(scheduler.size()).isZero();
    }

    @Test
    void anExecutorThatRefusesIsAskedLessAndLessOften() {
        executor.fault = Fault.THROWS_EXCEPTION;
        sure(scheduler).execute(() -> ran.add("1"));
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            scheduler.delaysMillis().clear();
            pass(Duration.ofSeconds(10));
            delays.addAll(scheduler.delaysMillis().stream().filter(it -> it < 10_000).toList());
        }
        assertThat(delays)
                .containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L, 5_000L, 5_000L);
        assertThat(log.messages("CHANNELS0019")).hasSizeBetween(1, 9);
        assertThat(log.records().get(0).getThrown()).hasMessage("stopping");
    }

    @Test
    void whereTheSchedulerFailsTooTheNextCallerLooks() {
        ScheduledThreadPoolExecutor ended = new ScheduledThreadPoolExecutor(1);
        ended.shutdownNow();
        SureExecutor sure = sure(ended);
        executor.fault = Fault.THROWS_ERROR;
        sure.execute(() -> ran.add("1"));
        executor.fault = Fault.NONE;
        pass(Duration.ofSeconds(1));
        assertThat(ran).isEmpty();
        sure.execute(() -> ran.add("2"));
        executor.runAll();
        assertThat(ran).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void anExecutorThatIsBehindIsToldSoOnceAndGetsNoLoadOfCopies() {
        SureExecutor sure = sure(scheduler);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            sure.execute(done::incrementAndGet);
        }
        clock.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(scheduler.runNext()).isTrue();
        assertThat(executor.size()).isBetween(1_001, 1_100);
        assertThat(log.messages("CHANNELS0019"))
                .singleElement()
                .asString()
                .contains("waited for 3 s");
        executor.runAll();
        assertThat(done).hasValue(1_000);
    }

    @Test
    void anExecutorWhoseThreadsOthersKeepIsHelpedUntilItBeginsATask() {
        ManualExecutor aside = new ManualExecutor();
        SureExecutor sure = SureExecutor.on(executor, aside, scheduler, clock::get);
        sure.execute(() -> ran.add("first"));
        assertThat(aside.size()).isZero();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(4));
        assertThat(scheduler.runNext()).isTrue();
        aside.runAll();
        assertThat(ran).containsExactly("first");
        int asked = executor.size();
        for (int i = 0; i < 1_000; i++) {
            sure.execute(() -> ran.add("next"));
            aside.runAll();
        }
        assertThat(ran).hasSize(1_001);
        assertThat(executor.size() - asked).as("a second has not passed").isLessThanOrEqualTo(1);
        assertThat(log.messages("CHANNELS0019"))
                .singleElement()
                .asString()
                .contains("threads of the library's own help");
        // Somebody has given the threads back.
        executor.runAll();
        assertThat(ran).hasSize(1_001);
        sure.execute(() -> ran.add("last"));
        assertThat(aside.size()).isZero();
        executor.runAll();
        assertThat(ran).endsWith("last").hasSize(1_002);
    }

    @Test
    void whileItStarvesAnExecutorIsAskedEachSecond() {
        ManualExecutor aside = new ManualExecutor();
        SureExecutor sure = SureExecutor.on(executor, aside, scheduler, clock::get);
        executor.fault = Fault.LOSES;
        sure.execute(() -> ran.add("lost"));
        clock.addAndGet(TimeUnit.SECONDS.toNanos(4));
        assertThat(scheduler.runNext()).isTrue();
        executor.fault = Fault.NONE;
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        sure.execute(() -> ran.add("asked"));
        assertThat(executor.size()).isEqualTo(1);
        executor.runAll();
        aside.runAll();
        assertThat(ran).containsExactlyInAnyOrder("lost", "asked");
        sure.execute(() -> ran.add("served"));
        assertThat(aside.size()).isZero();
    }

    @Test
    void aTaskThatThrowsIsNotRunAgain() {
        SureExecutor sure = sure(scheduler);
        sure.execute(
                () -> {
                    ran.add("1");
                    throw new IllegalStateException("its own");
                });
        assertThat(org.assertj.core.api.Assertions.catchThrowable(executor::runAll))
                .hasMessage("its own");
        pass(Duration.ofMinutes(1));
        assertThat(ran).hasSize(1);
    }

    @Test
    void whatIsSureAlreadyIsNotWrapped() {
        SureExecutor sure = sure(scheduler);
        assertThat(SureExecutor.on(sure, scheduler)).isSameAs(sure);
    }

    @Test
    void afterARestTheSchedulerKeepsNothing() {
        ScheduledThreadPoolExecutor real = new ScheduledThreadPoolExecutor(1);
        real.setRemoveOnCancelPolicy(true);
        SureExecutor sure = sure(real);
        sure.execute(() -> ran.add("1"));
        assertThat(real.getQueue()).hasSize(1);
        sure.rest();
        assertThat(real.getQueue()).isEmpty();
        sure.execute(() -> ran.add("2"));
        assertThat(real.getQueue()).hasSize(1);
        real.shutdownNow();
    }

    @Test
    void manyThreadsAndAllFaultsAtOnce() throws Exception {
        int tasks = 4_000;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        ScheduledExecutorService later = Executors.newScheduledThreadPool(1);
        AtomicIntegerArray faults = new AtomicIntegerArray(4);
        SureExecutor sure =
                SureExecutor.on(
                        task -> {
                            int fault = ThreadLocalRandom.current().nextInt(8);
                            if (fault == 0) {
                                faults.incrementAndGet(fault);
                                throw new IllegalStateException();
                            }
                            if (fault == 1) {
                                faults.incrementAndGet(fault);
                                throw new OutOfMemoryError();
                            }
                            threads.execute(task);
                            if (fault == 2) {
                                faults.incrementAndGet(fault);
                                threads.execute(task);
                            } else if (fault == 3) {
                                faults.incrementAndGet(fault);
                                throw new IllegalStateException();
                            }
                        },
                        later);
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
        CountDownLatch done = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            int number = i;
            sure.execute(
                    () -> {
                        runs.incrementAndGet(number);
                        done.countDown();
                    });
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        later.shutdownNow();
        for (int i = 0; i < tasks; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
        for (int i = 0; i < 4; i++) {
            assertThat(faults.get(i)).as("fault %s", i).isPositive();
        }
    }
}
