package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.test.LogCapture;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import dev.channels.test.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The executors between the engine and the container's. */
class ExecutorsTest {

    // ---- SerialExecutor

    @Test
    void serialExecutorUsesOneTaskAtATime() {
        ManualExecutor executor = new ManualExecutor();
        SerialExecutor serial =
                new SerialExecutor(SureExecutor.on(executor, new ManualScheduler()), 10);
        List<Integer> ran = new ArrayList<>();
        serial.execute(() -> ran.add(1));
        serial.execute(() -> serial.execute(() -> ran.add(4)));
        serial.execute(() -> ran.add(3));
        assertThat(executor.size()).isEqualTo(1);
        executor.runAll();
        assertThat(ran).containsExactly(1, 3, 4);
        serial.execute(() -> ran.add(5));
        executor.runAll();
        assertThat(ran).endsWith(5);
    }

    @Test
    void serialExecutorKeepsTheOrderOfManyThreads() {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        SerialExecutor serial =
                new SerialExecutor(SureExecutor.on(threads, new ManualScheduler()), 10_000);
        AtomicBoolean busy = new AtomicBoolean();
        AtomicBoolean overlap = new AtomicBoolean();
        List<Integer> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            serial.execute(
                    () -> {
                        if (!busy.compareAndSet(false, true)) {
                            overlap.set(true);
                        }
                        ran.add(number);
                        busy.set(false);
                        done.countDown();
                    });
        }
        Threads.waitFor(done);
        assertThat(overlap).isFalse();
        assertThat(ran).hasSize(10_000).isSorted();
        threads.shutdownNow();
    }

    // ---- StandInExecutor

    @Test
    void refusedTaskRunsOnAThreadThatStandsIn() {
        AtomicReference<Throwable> refusal =
                new AtomicReference<>(new RejectedExecutionException("stopping"));
        ManualExecutor manual = new ManualExecutor();
        Executor refusing =
                task -> {
                    if (refusal.get() instanceof Error error) {
                        throw error;
                    }
                    if (refusal.get() instanceof RuntimeException thrown) {
                        throw thrown;
                    }
                    manual.execute(task);
                };
        StandInExecutor executor = new StandInExecutor(refusing);
        List<Thread> threads = new CopyOnWriteArrayList<>();
        Runnable task = () -> threads.add(Thread.currentThread());
        try (LogCapture log = new LogCapture()) {
            executor.execute(task);
            refusal.set(new OutOfMemoryError("unable to create native thread"));
            executor.execute(task);
            await().atMost(Threads.PATIENCE).until(() -> threads.size() == 2);
            assertThat(threads).doesNotContain(Thread.currentThread());
            // It is told on another of these threads.
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(log.messages("CHANNELS0019")).hasSize(1));
            refusal.set(null);
            executor.execute(task);
            assertThat(threads).hasSize(2);
            assertThat(manual.size()).isEqualTo(1);
            refusal.set(new RejectedExecutionException("stopping"));
            executor.execute(task);
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
            // It leaves no thread behind.
            await().atMost(Threads.PATIENCE).until(() -> threads.size() == 3);
            await().atMost(Threads.PATIENCE)
                    .until(() -> threads.stream().noneMatch(Thread::isAlive));
        }
    }

    @Test
    void callerIsNeverHeldUpByARefusal() {
        CountDownLatch release = new CountDownLatch(1);
        StandInExecutor executor =
                new StandInExecutor(
                        task -> {
                            throw new RejectedExecutionException("stopping");
                        });
        CountDownLatch done = new CountDownLatch(10);
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 10; i++) {
                executor.execute(
                        () -> {
                            Threads.waitFor(release);
                            done.countDown();
                        });
            }
            release.countDown();
            Threads.waitFor(done);
            // It is told on another of these threads.
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(log.messages("CHANNELS0019")).hasSize(1));
        }
    }
}
