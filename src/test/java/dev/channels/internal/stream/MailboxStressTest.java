package dev.channels.internal.stream;

import static dev.channels.test.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.BackgroundTask;
import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Joined;
import dev.channels.OfferResult;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.internal.task.TestLogs;
import dev.channels.test.ManualScheduler;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads and a seed: what goes in comes out, once and in order, or is counted as dropped. */
class MailboxStressTest {

    private static final int OFFERERS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final Counters counters = new Counters();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
        completions.shutdownNow();
    }

    private Mailbox mailbox(int limit, BacklogStrategy strategy, DrainPool pool) {
        Mailbox mailbox =
                new Mailbox(
                        new Limits(limit, Long.MAX_VALUE, strategy, Threads.PATIENCE),
                        new DrainPools(pool, pool),
                        counters,
                        TestLogs.direct(),
                        () -> {});
        MailboxFixture.flow(mailbox, "a", "b", "c");
        for (int i = 0; i < OFFERERS; i++) {
            MailboxFixture.flow(mailbox, "channel " + i);
        }
        return mailbox;
    }

    /** A sender whose completions come at once, late or reordered, and whose window is checked. */
    private final class RandomSender implements EventSender {
        final Map<String, Long> last = new HashMap<>();
        final AtomicInteger ended = new AtomicInteger();
        final AtomicInteger inFlight = new AtomicInteger();
        final AtomicBoolean wrong = new AtomicBoolean();
        final AtomicBoolean busy = new AtomicBoolean();
        final int window;
        long count;
        private final Random random;

        RandomSender(long seed) {
            random = new Random(seed);
            window = 1 + random.nextInt(4);
        }

        @Override
        public int maxInFlight() {
            return window;
        }

        @Override
        public void send(Delivery delivery, Completion completion) {
            if (!(delivery instanceof ChannelEvent event)) {
                completion.sent();
                return;
            }
            enter();
            if (inFlight.incrementAndGet() > window || ended.get() > 0) {
                wrong.set(true);
            }
            long offset = event.position().offset();
            Long before = last.put(event.channel(), offset);
            if (before != null && before >= offset) {
                wrong.set(true);
            }
            count++;
            busy.set(false);
            if (random.nextInt(3) == 0) {
                complete(completion);
            } else {
                completions.execute(() -> complete(completion));
            }
        }

        private void complete(Completion completion) {
            inFlight.decrementAndGet();
            completion.sent();
        }

        @Override
        public void flush() {
            enter();
            busy.set(false);
        }

        @Override
        public void ended(Throwable failure) {
            enter();
            ended.incrementAndGet();
            busy.set(false);
        }

        private void enter() {
            if (!busy.compareAndSet(false, true)) {
                wrong.set(true);
            }
        }
    }

    @RepeatedTest(3)
    void everySenderGetsEverythingInOrder(RepetitionInfo repetition) throws Exception {
        int perOfferer = 5_000;
        int mailboxCount = 20;
        DrainPool pool = new DrainPool(new StandInExecutor(threads), new ManualScheduler(), 2, 0);
        List<Mailbox> mailboxes = new ArrayList<>();
        List<RandomSender> senders = new ArrayList<>();
        List<BackgroundTask> tasks = new ArrayList<>();
        for (int i = 0; i < mailboxCount; i++) {
            Mailbox mailbox = mailbox(Integer.MAX_VALUE, BacklogStrategy.BACKOFF, pool);
            RandomSender sender = new RandomSender(repetition.getCurrentRepetition() * 100L + i);
            mailboxes.add(mailbox);
            senders.add(sender);
            tasks.add(mailbox.drainTo(sender));
        }
        List<Running<Void>> offerers = new ArrayList<>();
        for (int i = 0; i < OFFERERS; i++) {
            String channel = "channel " + i;
            offerers.add(
                    Threads.run(
                            () -> {
                                for (int offset = 1; offset <= perOfferer; offset++) {
                                    ChannelEvent event = event(channel, offset);
                                    mailboxes.forEach(mailbox -> mailbox.offer(event, e -> {}));
                                }
                            }));
        }
        for (Running<Void> offerer : offerers) {
            offerer.get();
        }
        tasks.forEach(BackgroundTask::close);
        for (RandomSender sender : senders) {
            assertThat(sender.wrong).isFalse();
            assertThat(sender.count).isEqualTo((long) OFFERERS * perOfferer);
            assertThat(sender.ended).hasValue(1);
        }
        assertThat(counters.dropped.sum()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKOFF", "DROPLEFT"})
    void whatIsOfferedIsConsumedOrCountedAsDropped(BacklogStrategy strategy) throws Exception {
        int perOfferer = 50_000;
        Mailbox mailbox =
                mailbox(
                        10,
                        strategy,
                        new DrainPool(new StandInExecutor(threads), new ManualScheduler(), 2, 0));
        RandomSender sender = new RandomSender(strategy.ordinal());
        BackgroundTask task = mailbox.drainTo(sender);
        AtomicLong hooked = new AtomicLong();
        AtomicLong accepted = new AtomicLong();
        List<Running<Void>> offerers = new ArrayList<>();
        for (int i = 0; i < OFFERERS; i++) {
            String channel = "channel " + i;
            offerers.add(
                    Threads.run(
                            () -> {
                                for (int offset = 1; offset <= perOfferer; offset++) {
                                    OfferResult result =
                                            mailbox.offer(
                                                    event(channel, offset),
                                                    e -> hooked.incrementAndGet());
                                    if (result != OfferResult.DROPPED_NEWEST) {
                                        accepted.incrementAndGet();
                                    }
                                }
                            }));
        }
        for (Running<Void> offerer : offerers) {
            offerer.get();
        }
        task.close();
        long offered = (long) OFFERERS * perOfferer;
        assertThat(sender.wrong).isFalse();
        assertThat(sender.count + mailbox.droppedCount()).isEqualTo(offered);
        assertThat(hooked).hasValue(mailbox.droppedCount());
        assertThat(counters.dropped.sum()).isEqualTo(mailbox.droppedCount());
        if (strategy == BacklogStrategy.BACKOFF) {
            assertThat(accepted).hasValue(sender.count);
        }
    }

    @RepeatedTest(3)
    void everyStreamEndsOnceHoweverItIsEnded(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        DrainPool pool = new DrainPool(new StandInExecutor(threads), new ManualScheduler(), 2, 0);
        for (int round = 0; round < 300; round++) {
            AtomicInteger closed = new AtomicInteger();
            Mailbox mailbox =
                    new Mailbox(
                            new Limits(
                                    5,
                                    Long.MAX_VALUE,
                                    BacklogStrategy.values()[random.nextInt(3)],
                                    Threads.PATIENCE),
                            new DrainPools(pool, pool),
                            counters,
                            TestLogs.direct(),
                            closed::incrementAndGet);
            MailboxFixture.flow(mailbox, "a");
            RandomSender sender = new RandomSender(random.nextLong());
            BackgroundTask task = mailbox.drainTo(sender);
            Running<Void> offerer =
                    Threads.run(
                            () -> {
                                long offset = 1;
                                while (mailbox.offer(event("a", offset), e -> {})
                                        != OfferResult.CLOSED) {
                                    offset++;
                                }
                            });
            int way = random.nextInt(4);
            Running<Void> ender =
                    Threads.run(
                            () -> {
                                switch (way) {
                                    case 0 -> task.close();
                                    case 1 -> task.cancel();
                                    case 2 -> mailbox.stop(true);
                                    default -> mailbox.end(new IllegalStateException("failed"));
                                }
                            });
            mailbox.stop(random.nextBoolean());
            ender.get();
            offerer.get();
            task.completion()
                    .exceptionally(e -> null)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            assertThat(closed).hasValue(1);
            assertThat(sender.ended).hasValue(1);
            assertThat(sender.wrong).isFalse();
            assertThat(mailbox.isRunning()).isFalse();
            assertThat(mailbox.size()).isZero();
        }
    }

    @Test
    void historyJoinsLiveEventsWhenever() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            Mailbox mailbox = mailbox(Integer.MAX_VALUE, BacklogStrategy.BACKOFF, null);
            FollowedChannel a = mailbox.follow("a", false);
            int from = random.nextInt(20);
            AtomicLong published = new AtomicLong(from);
            int last = from + 50;
            int met = from + 1 + random.nextInt(50);
            CountDownLatch reached = new CountDownLatch(1);
            CountDownLatch read = new CountDownLatch(1);
            Running<Void> offerer =
                    Threads.run(
                            () -> {
                                for (int offset = from + 1; offset <= last; offset++) {
                                    // A broker has an event before it delivers it.
                                    published.set(offset);
                                    mailbox.offer(event("a", offset), e -> {});
                                    if (offset == met) {
                                        reached.countDown();
                                        Threads.waitFor(read);
                                    }
                                }
                            });
            // Read in the middle of the live events, and given while the others come.
            Threads.waitFor(reached);
            long newest = published.get();
            read.countDown();
            List<ChannelEvent> history = new ArrayList<>();
            for (long offset = 1; offset <= newest; offset++) {
                history.add(event("a", offset));
            }
            Joined joined = new Joined("a", null, true, history.size());
            mailbox.give(a, joined, history, true, () -> {});
            offerer.get();
            mailbox.close();
            List<Long> all = new ArrayList<>();
            for (Delivery delivery : mailbox.deliveries()) {
                if (delivery instanceof ChannelEvent event) {
                    all.add(event.position().offset());
                }
            }
            assertThat(all).hasSize(last).isSorted().startsWith(1L).doesNotHaveDuplicates();
        }
    }
}
