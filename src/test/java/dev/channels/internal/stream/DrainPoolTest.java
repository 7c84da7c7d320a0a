package dev.channels.internal.stream;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.BackgroundTask;
import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.internal.task.SureExecutor;
import dev.channels.internal.task.TestLogs;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import dev.channels.test.RecordingSender;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainPoolTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Executor executor =
            SureExecutor.on(new StandInExecutor(threads), new ManualScheduler());

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private static Mailbox mailbox(DrainPool pool) {
        Mailbox mailbox =
                new Mailbox(
                        new Limits(
                                Integer.MAX_VALUE,
                                Long.MAX_VALUE,
                                BacklogStrategy.BACKOFF,
                                Threads.PATIENCE),
                        new DrainPools(pool, pool),
                        new Counters(),
                        TestLogs.direct(),
                        () -> {});
        MailboxFixture.flow(mailbox, "a", "b", "c");
        return mailbox;
    }

    @Test
    void submitsNoMoreTasksThanItsConcurrency() {
        ManualExecutor executor = new ManualExecutor();
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 3, 0);
        List<Mailbox> mailboxes = new ArrayList<>();
        AtomicInteger seen = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            Mailbox mailbox = mailbox(pool);
            mailbox.drainTo(event -> seen.incrementAndGet());
            mailboxes.add(mailbox);
        }
        mailboxes.forEach(mailbox -> mailbox.offer(event("a", 1), e -> {}));
        assertThat(executor.size()).isEqualTo(3);
        executor.runAll();
        assertThat(seen).hasValue(10_000);
        mailboxes.get(0).offer(event("a", 2), e -> {});
        assertThat(executor.size()).isEqualTo(1);
        executor.runAll();
        assertThat(seen).hasValue(10_001);
    }

    @Test
    void drainsAtOnceWithAllItsConcurrency() throws Exception {
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 2, 0);
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch met = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            Mailbox mailbox = mailbox(pool);
            mailbox.drainTo(
                    event -> {
                        both.countDown();
                        Threads.waitFor(both);
                        met.countDown();
                    });
            mailbox.offer(event("a", 1), e -> {});
        }
        assertThat(met.await(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void blockedTaskHoldsUpOnlyItself() throws Exception {
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 2, 0);
        CountDownLatch free = new CountDownLatch(1);
        Mailbox blocked = mailbox(pool);
        blocked.drainTo(event -> Threads.waitFor(free));
        blocked.offer(event("a", 1), e -> {});
        Mailbox other = mailbox(pool);
        AtomicInteger seen = new AtomicInteger();
        other.drainTo(event -> seen.incrementAndGet());
        events("a", 1, 100).forEach(event -> other.offer(event, e -> {}));
        await().atMost(Threads.PATIENCE).untilAtomic(seen, org.hamcrest.Matchers.is(100));
        free.countDown();
    }

    @Test
    void callbackMayCloseTheTaskOfAnotherThoughNoPoolTaskIsFree() throws Exception {
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 1, 0);
        Mailbox second = mailbox(pool);
        AtomicInteger seen = new AtomicInteger();
        BackgroundTask consumer = second.drainTo(event -> seen.incrementAndGet());
        Mailbox first = mailbox(pool);
        CountDownLatch closed = new CountDownLatch(1);
        first.drainTo(
                event -> {
                    events("a", 1, 10).forEach(e -> second.offer(e, d -> {}));
                    consumer.close();
                    closed.countDown();
                });
        first.offer(event("a", 1), e -> {});
        assertThat(closed.await(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(seen).hasValue(10);
    }

    @Test
    void concurrencyIsAsBeforeAfterAWait() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 1, 0);
        Mailbox first = mailbox(pool);
        BackgroundTask task = first.drainTo(event -> {});
        first.offer(event("a", 1), e -> {});
        Running<Void> close = Threads.run(task::close).awaitParked();
        executor.runAll();
        close.get();
        for (int i = 0; i < 5; i++) {
            Mailbox mailbox = mailbox(pool);
            mailbox.drainTo(event -> {});
            mailbox.offer(event("a", 1), e -> {});
        }
        assertThat(executor.size()).isEqualTo(1);
    }

    @Test
    void surplusTaskEndsWithTheWait() throws Exception {
        AtomicInteger atWork = new AtomicInteger();
        DrainPool pool =
                new DrainPool(
                        task -> {
                            atWork.incrementAndGet();
                            executor.execute(
                                    () -> {
                                        task.run();
                                        atWork.decrementAndGet();
                                    });
                        },
                        new ManualScheduler(),
                        1,
                        0);
        CountDownLatch firstEntered = new CountDownLatch(1);
        CountDownLatch firstFree = new CountDownLatch(1);
        Mailbox first = mailbox(pool);
        first.drainTo(
                event -> {
                    firstEntered.countDown();
                    Threads.waitFor(firstFree);
                });
        CountDownLatch secondEntered = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Mailbox second = mailbox(pool);
        second.drainTo(
                event -> {
                    secondEntered.countDown();
                    Threads.waitFor(free);
                });
        AtomicInteger seen = new AtomicInteger();
        Mailbox last = mailbox(pool);
        last.drainTo(event -> seen.incrementAndGet());

        first.offer(event("a", 1), e -> {});
        Threads.waitFor(firstEntered);
        second.offer(event("a", 1), e -> {});
        pool.whileParked(
                () -> {
                    Threads.waitFor(secondEntered);
                    return null;
                });
        last.offer(event("a", 1), e -> {});
        firstFree.countDown();
        await().atMost(Threads.PATIENCE).until(() -> atWork.get() == 1);
        assertThat(seen).hasValue(0);
        free.countDown();
        await().atMost(Threads.PATIENCE).until(() -> seen.get() == 1);
    }

    // ---- How many tasks are started

    private static RecordingSender quick() {
        return new RecordingSender((event, completion) -> completion.sent());
    }

    @Test
    void secondTaskIsStartedWhenManyDrainsWait() {
        ManualExecutor executor = new ManualExecutor();
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 2, 3);
        for (int i = 1; i <= 3; i++) {
            mailbox(pool, quick()).offer(event("a", 1), e -> {});
            assertThat(executor.size()).isEqualTo(1);
        }
        mailbox(pool, quick()).offer(event("a", 1), e -> {});
        assertThat(executor.size()).isEqualTo(2);
        executor.runAll();
        mailbox(pool, quick()).offer(event("a", 1), e -> {});
        assertThat(executor.size()).isEqualTo(1);
    }

    @Test
    void secondTaskIsStartedForBacklogs() {
        ManualExecutor executor = new ManualExecutor();
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 2, 16);
        List<RecordingSender> senders = List.of(quick(), quick());
        for (RecordingSender sender : senders) {
            Mailbox mailbox = mailbox(pool, sender);
            events("a", 1, 200).forEach(event -> mailbox.offer(event, e -> {}));
        }
        assertThat(executor.size()).isEqualTo(1);
        AtomicInteger most = new AtomicInteger();
        while (executor.runNext()) {
            most.accumulateAndGet(executor.size(), Math::max);
        }
        assertThat(most.get()).as("Tasks that were started meanwhile").isPositive();
        assertThat(senders).allSatisfy(sender -> assertThat(sender.sent()).hasSize(200));
    }

    @Test
    void producerServesWhatItMadeReady() {
        ManualExecutor executor = new ManualExecutor();
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 2, 16);
        RecordingSender sender = quick();
        Mailbox mailbox = mailbox(pool, sender);
        pool.executeThenServe(
                many -> {
                    mailbox.offer(event("a", 1), e -> {});
                    assertThat(sender.sent()).isEmpty();
                });
        assertThat(executor.size()).isEqualTo(1);
        executor.runAll();
        assertThat(sender.sent()).hasSize(1);
        mailbox.offer(event("a", 2), e -> {});
        assertThat(executor.size()).as("The task after that of the producer").isEqualTo(1);
        executor.runAll();
        assertThat(sender.sent()).hasSize(2);
    }

    @Test
    void producerOfManyIsServedByAnotherTask() {
        ManualExecutor executor = new ManualExecutor();
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 1, 16);
        RecordingSender sender = quick();
        Mailbox mailbox = mailbox(pool, sender);
        Mailbox early = mailbox(pool, quick());
        pool.executeThenServe(
                many -> {
                    early.offer(event("a", 1), e -> {});
                    assertThat(executor.size()).isZero();
                    many.run();
                    assertThat(executor.size()).isEqualTo(1);
                    assertThat(executor.runNext()).isTrue();
                    assertThat(early.size()).isZero();
                    mailbox.offer(event("a", 1), e -> {});
                    many.run();
                    assertThat(executor.size()).isEqualTo(1);
                });
        executor.runAll();
        assertThat(sender.sent()).hasSize(1);
        mailbox.offer(event("a", 2), e -> {});
        assertThat(executor.size()).isEqualTo(1);
        executor.runAll();
        assertThat(sender.sent()).hasSize(2);
    }

    @Test
    void drainThatAParkedTaskWaitsForIsServed() {
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 2, 16);
        CountDownLatch parked = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        RecordingSender waiting =
                new RecordingSender(
                        (event, completion) -> {
                            pool.whileParked(
                                    () -> {
                                        parked.countDown();
                                        Threads.waitFor(sent);
                                        return null;
                                    });
                            completion.sent();
                        });
        mailbox(pool, waiting).offer(event("a", 1), e -> {});
        Threads.waitFor(parked);
        mailbox(pool, new RecordingSender((event, completion) -> sent.countDown()))
                .offer(event("a", 1), e -> {});
        Threads.waitFor(sent);
    }

    @Test
    void producerThatThrowsStillServes() {
        ManualExecutor executor = new ManualExecutor();
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 1, 16);
        RecordingSender sender = quick();
        Mailbox mailbox = mailbox(pool, sender);
        pool.executeThenServe(
                many -> {
                    mailbox.offer(event("a", 1), e -> {});
                    throw new IllegalStateException("no");
                });
        assertThatThrownBy(executor::runAll).hasMessage("no");
        assertThat(sender.sent()).hasSize(1);
        mailbox.offer(event("a", 2), e -> {});
        executor.runAll();
        assertThat(sender.sent()).hasSize(2);
    }

    // ---- Senders that may block

    /** Blocks in every send until it is let go. */
    private static final class BlockingSender implements EventSender {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch free = new CountDownLatch(1);

        @Override
        public boolean mayBlock() {
            return true;
        }

        @Override
        public void send(Delivery delivery, Completion completion) throws Exception {
            if (!(delivery instanceof ChannelEvent event)) {
                completion.sent();
                return;
            }
            entered.countDown();
            Threads.waitFor(free);
            completion.sent();
        }
    }

    private static Mailbox mailbox(DrainPool pool, EventSender sender) {
        Mailbox mailbox = mailbox(pool);
        mailbox.drainTo(sender);
        return mailbox;
    }

    @Test
    void taskThatASenderKeepsIsReplacedUntilItIsBack() {
        ManualScheduler scheduler = new ManualScheduler();
        AtomicInteger atWork = new AtomicInteger();
        DrainPool pool =
                new DrainPool(
                        SureExecutor.on(
                                task -> {
                                    atWork.incrementAndGet();
                                    executor.execute(
                                            () -> {
                                                task.run();
                                                atWork.decrementAndGet();
                                            });
                                },
                                new ManualScheduler()),
                        scheduler,
                        1,
                        0);
        List<BlockingSender> senders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            BlockingSender sender = new BlockingSender();
            senders.add(sender);
            mailbox(pool, sender).offer(event("a", 1), e -> {});
        }
        RecordingSender quick = new RecordingSender();
        mailbox(pool, quick).offer(event("a", 1), e -> {});

        // Each look that comes after some milliseconds lets one more task in.
        for (BlockingSender sender : senders) {
            await().atMost(Threads.PATIENCE)
                    .until(() -> scheduler.runNext() && sender.entered.getCount() == 0);
        }
        await().atMost(Threads.PATIENCE)
                .until(() -> scheduler.runNext() && quick.sent().size() == 1);
        await().atMost(Threads.PATIENCE).untilAtomic(atWork, org.hamcrest.Matchers.is(3));

        senders.forEach(sender -> sender.free.countDown());
        await().atMost(Threads.PATIENCE).untilAtomic(atWork, org.hamcrest.Matchers.is(0));
        assertThat(scheduler.runNext()).isTrue();
        assertThat(scheduler.size()).as("Looks after the last task is back").isZero();
    }

    @Test
    void concurrencyIsAsBeforeWhenKeptTasksAreBack() {
        ManualScheduler scheduler = new ManualScheduler();
        AtomicLong nanos = new AtomicLong();
        AtomicInteger submissions = new AtomicInteger();
        DrainPool pool =
                new DrainPool(
                        SureExecutor.on(
                                task -> {
                                    submissions.incrementAndGet();
                                    executor.execute(task);
                                },
                                new ManualScheduler()),
                        scheduler,
                        1,
                        0,
                        nanos::get);
        BlockingSender kept = new BlockingSender();
        mailbox(pool, kept).offer(event("a", 1), e -> {});
        Threads.waitFor(kept.entered);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(20));
        BlockingSender second = new BlockingSender();
        mailbox(pool, second).offer(event("a", 1), e -> {});
        await().atMost(Threads.PATIENCE)
                .until(() -> scheduler.runNext() && second.entered.getCount() == 0);
        BlockingSender third = new BlockingSender();
        mailbox(pool, third).offer(event("a", 1), e -> {});
        kept.free.countDown();
        second.free.countDown();
        Threads.waitFor(third.entered);
        BlockingSender fourth = new BlockingSender();
        int submitted = submissions.get();
        mailbox(pool, fourth).offer(event("a", 1), e -> {});
        assertThat(submissions).as("One task at a time again").hasValue(submitted);
        third.free.countDown();
        Threads.waitFor(fourth.entered);
        fourth.free.countDown();
    }

    @Test
    void everyEventFindsAKeptTaskByItself() {
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 1, 16);
        BlockingSender kept = new BlockingSender();
        mailbox(pool, kept).offer(event("a", 1), e -> {});
        Threads.waitFor(kept.entered);
        RecordingSender first = quick();
        Mailbox waiting = mailbox(pool, first);
        waiting.offer(event("a", 1), e -> {});
        await().atMost(Threads.PATIENCE)
                .until(
                        () -> {
                            mailbox(pool, quick()).offer(event("a", 1), e -> {});
                            return first.sent().size() == 1;
                        });
        waiting.offer(event("a", 2), e -> {});
        await().atMost(Threads.PATIENCE).until(() -> first.sent().size() == 2);
        kept.free.countDown();
    }

    @Test
    void producerFindsAKeptTask() {
        DrainPool pool = new DrainPool(executor, new ManualScheduler(), 1, 0);
        BlockingSender kept = new BlockingSender();
        mailbox(pool, kept).offer(event("a", 1), e -> {});
        Threads.waitFor(kept.entered);
        RecordingSender other = quick();
        mailbox(pool, other).offer(event("a", 1), e -> {});
        await().atMost(Threads.PATIENCE)
                .until(
                        () -> {
                            pool.executeThenServe(many -> {});
                            return other.sent().size() == 1;
                        });
        kept.free.countDown();
    }

    @Test
    void nobodyLooksAfterSendersThatDoNotBlock() {
        ManualScheduler scheduler = new ManualScheduler();
        DrainPool pool = new DrainPool(executor, scheduler, 1, 0);
        RecordingSender quick = new RecordingSender();
        mailbox(pool, quick).offer(event("a", 1), e -> {});
        await().atMost(Threads.PATIENCE).until(() -> quick.sent().size() == 1);
        assertThat(scheduler.size()).isZero();
    }
}
