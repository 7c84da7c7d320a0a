package dev.channels.internal.stream;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.events;
import static dev.channels.test.Events.offsets;
import static dev.channels.test.Events.sized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.BackgroundTask;
import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.EventSender.Completion;
import dev.channels.OfferResult;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.TestLogs;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualScheduler;
import dev.channels.test.RecordingSender;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DrainTest {

    private static RecordingSender atOnce() {
        return new RecordingSender((event, completion) -> completion.sent());
    }

    private static CompletableFuture<Void> future(BackgroundTask task) {
        return task.completion().toCompletableFuture();
    }

    // ---- Sending

    @Test
    void oneSendIsInFlight() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        assertThat(sender.sent()).hasSize(1);
        assertThat(it.mailbox.size()).isEqualTo(2);
        sender.completeOldest();
        it.executor.runAll();
        assertThat(offsets(sender.sent())).containsExactly(1L, 2L);
    }

    @Test
    void eventsThatWaitBeforeTheTaskAreSent() {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 3));
        RecordingSender sender = atOnce();
        it.mailbox.drainTo(sender);
        it.executor.runAll();
        assertThat(sender.calls()).containsExactly("send 1", "send 2", "send 3", "flush");
    }

    @Test
    void idleMailboxTakesNoTask() {
        MailboxFixture it = MailboxFixture.unlimited();
        it.mailbox.drainTo(atOnce());
        assertThat(it.executor.size()).isZero();
        it.offerAll(events("a", 1, 100));
        assertThat(it.executor.size()).isEqualTo(1);
        it.executor.runAll();
        assertThat(it.executor.size()).isZero();
    }

    @Test
    void windowInEventsIsKept() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender().withWindow(3, Long.MAX_VALUE);
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 10));
        it.executor.runAll();
        assertThat(sender.inFlight()).isEqualTo(3);
        sender.completeOldest();
        it.executor.runAll();
        assertThat(sender.inFlight()).isEqualTo(3);
        while (sender.inFlight() > 0) {
            assertThat(sender.inFlight()).isLessThanOrEqualTo(3);
            sender.completeOldest();
            it.executor.runAll();
        }
        assertThat(offsets(sender.sent())).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void windowInBytesIsKept() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender().withWindow(100, 25);
        it.mailbox.drainTo(sender);
        for (int i = 1; i <= 5; i++) {
            it.offer(sized("a", i, 10));
        }
        it.executor.runAll();
        assertThat(sender.inFlight()).isEqualTo(3);
        sender.completeOldest();
        it.executor.runAll();
        assertThat(sender.inFlight()).isEqualTo(3);
    }

    @Test
    void completionsMayComeOutOfOrder() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender().withWindow(3, Long.MAX_VALUE);
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 9));
        it.executor.runAll();
        while (sender.inFlight() > 0) {
            sender.completeNewest();
            it.executor.runAll();
        }
        assertThat(sender.sent()).hasSize(9);
        assertThat(offsets(sender.sent())).isSorted();
    }

    @Test
    void flushComesWhenNothingMoreCanBeSent() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender().withWindow(2, Long.MAX_VALUE);
        it.mailbox.drainTo(sender);
        it.executor.runAll();
        assertThat(sender.calls()).isEmpty();
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        // Batched sends that fill the window would never complete without a flush.
        assertThat(sender.calls()).containsExactly("send 1", "send 2", "flush");
        sender.completeOldest();
        sender.completeOldest();
        it.executor.runAll();
        assertThat(sender.calls()).containsExactly("send 1", "send 2", "flush", "send 3", "flush");
        sender.completeOldest();
        it.executor.runAll();
        assertThat(sender.calls()).hasSize(5);
    }

    @Test
    void whatIsCompletedTogetherIsFollowedTogether() {
        // On an executor that is as fast as can be: one by one, each would be flushed alone.
        MailboxFixture it = MailboxFixture.on(Runnable::run);
        RecordingSender sender = new RecordingSender().withWindow(3, Long.MAX_VALUE);
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 7));
        sender.calls().clear();
        sender.completeOldest(3);
        assertThat(sender.calls()).containsExactly("send 4", "send 5", "send 6", "flush");
        sender.completeOldest(3);
        assertThat(sender.calls()).endsWith("send 7", "flush").hasSize(6);
        assertThat(it.mailbox.failure()).isNull();
    }

    @Test
    void moreCompletionsAtOnceThanSendsEndTheStream() {
        MailboxFixture it = MailboxFixture.on(Runnable::run);
        RecordingSender sender = new RecordingSender().withWindow(3, Long.MAX_VALUE);
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 2));
        sender.completeOldest(3);
        assertThat(it.mailbox.failure()).hasMessageContaining("completed once");
    }

    @Test
    void flushComesBeforeTheEnd() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = atOnce();
        it.mailbox.drainTo(sender);
        it.offer(event("a", 1));
        it.mailbox.close();
        it.executor.runAll();
        assertThat(sender.calls()).containsExactly("send 1", "flush", "ended");
        assertThat(sender.ends()).containsExactly((Throwable) null);
    }

    @Test
    void synchronousCompletionsDoNotRecurse() throws Exception {
        int count = 200_000;
        MailboxFixture it = MailboxFixture.unlimited();
        for (int i = 0; i < count; i++) {
            it.offer(event("a", i));
        }
        AtomicInteger sent = new AtomicInteger();
        it.mailbox.drainTo(
                (event, completion) -> {
                    sent.incrementAndGet();
                    completion.sent();
                });
        Thread small = new Thread(null, it.executor::runAll, "small stack", 64 * 1024);
        small.start();
        small.join(Threads.PATIENCE.toMillis());
        assertThat(sent).hasValue(count);
    }

    @Test
    void completionOnAnotherThreadDoesNotSendThere() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 2));
        it.executor.runAll();
        Threads.run(sender::completeOldest).get();
        assertThat(sender.sent()).hasSize(1);
        it.executor.runAll();
        assertThat(sender.sent()).hasSize(2);
    }

    @Test
    void mailboxesTakeTurns() {
        MailboxFixture it = MailboxFixture.unlimited();
        DrainPool pool = new DrainPool(it.executor, new ManualScheduler(), 1, 0);
        List<String> order = new ArrayList<>();
        for (String channel : List.of("a", "b")) {
            Mailbox mailbox =
                    new Mailbox(
                            new Limits(
                                    Integer.MAX_VALUE,
                                    Long.MAX_VALUE,
                                    BacklogStrategy.BACKOFF,
                                    Threads.PATIENCE),
                            new DrainPools(pool, pool),
                            it.counters,
                            TestLogs.direct(),
                            () -> {});
            MailboxFixture.flow(mailbox, channel);
            events(channel, 1, 1_000).forEach(e -> mailbox.offer(e, d -> {}));
            mailbox.drainTo(event -> order.add(event.channel()));
        }
        it.executor.runAll();
        assertThat(order).hasSize(2_000);
        assertThat(order.subList(0, 100)).contains("a", "b");
    }

    // ---- Failures

    @Test
    void throwingCallbackLosesThatEventOnly() {
        MailboxFixture it = MailboxFixture.unlimited();
        List<Long> seen = new ArrayList<>();
        try (LogCapture log = new LogCapture()) {
            it.mailbox.drainTo(
                    event -> {
                        long offset = event.position().offset();
                        if (offset >= 2 && offset <= 4 || offset == 6) {
                            throw new AssertionError("no");
                        }
                        seen.add(offset);
                    });
            it.offerAll(events("a", 1, 7));
            it.executor.runAll();
            assertThat(seen).containsExactly(1L, 5L, 7L);
            assertThat(log.messages("CHANNELS0016")).as("Within one episode").hasSize(1);
            assertThat(log.records().get(0).getThrown()).hasMessage("no");
        }
        assertThat(it.counters.skipped.sum()).isEqualTo(4);
        assertThat(it.mailbox.isRunning()).isTrue();
    }

    @Test
    void throwingSenderEndsTheStreamOnce() {
        MailboxFixture it = MailboxFixture.unlimited();
        IOException gone = new IOException("gone");
        RecordingSender sender =
                new RecordingSender(
                        (event, completion) -> {
                            throw gone;
                        });
        BackgroundTask task = it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        assertThat(sender.calls()).containsExactly("send 1", "ended");
        assertThat(sender.ends()).containsExactly(gone);
        assertThat(it.closed).hasValue(1);
        assertThat(it.mailbox.size()).isZero();
        assertThat(it.offer(event("a", 4))).isEqualTo(OfferResult.CLOSED);
        assertThatThrownBy(future(task)::get).isInstanceOf(ExecutionException.class).hasCause(gone);
    }

    @Test
    void failedCompletionEndsTheStreamOnTheDrain() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        IOException gone = new IOException("gone");
        Threads.run(() -> sender.takeOldest().failed(gone)).get();
        assertThat(sender.ends()).isEmpty();
        assertThat(it.closed).hasValue(1);
        it.executor.runAll();
        assertThat(sender.calls()).containsExactly("send 1", "flush", "ended");
        assertThat(sender.ends()).containsExactly(gone);
    }

    @Test
    void secondFailureChangesNothing() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender().withWindow(2, Long.MAX_VALUE);
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        IOException first = new IOException("first");
        Completion completion = sender.takeOldest();
        completion.failed(first);
        completion.failed(new IOException("second"));
        sender.completeOldest();
        it.executor.runAll();
        completion.failed(new IOException("third"));
        completion.sent();
        it.executor.runAll();
        assertThat(sender.ends()).containsExactly(first);
        assertThat(it.closed).hasValue(1);
    }

    @Test
    void throwingFlushEndsTheStream() {
        MailboxFixture it = MailboxFixture.unlimited();
        AtomicReference<Throwable> end = new AtomicReference<>();
        it.mailbox.drainTo(
                new EventSender() {
                    @Override
                    public void send(Delivery delivery, Completion completion) {
                        if (!(delivery instanceof ChannelEvent event)) {
                            completion.sent();
                            return;
                        }
                        completion.sent();
                    }

                    @Override
                    public void flush() throws IOException {
                        throw new IOException("flush");
                    }

                    @Override
                    public void ended(Throwable failure) {
                        end.set(failure);
                        throw new IllegalStateException("ended");
                    }
                });
        try (LogCapture log = new LogCapture()) {
            it.offer(event("a", 1));
            it.executor.runAll();
            assertThat(log.messages("CHANNELS0018")).hasSize(1);
        }
        assertThat(end.get()).hasMessage("flush");
        assertThat(it.counters.applicationFailures.sum()).isEqualTo(1);
        assertThat(it.mailbox.isRunning()).isFalse();
    }

    @Test
    void throwingSenderHarmsNoOtherMailbox() {
        MailboxFixture it = MailboxFixture.unlimited();
        DrainPool pool = new DrainPool(it.executor, new ManualScheduler(), 1, 0);
        RecordingSender good = atOnce();
        for (int i = 0; i < 10; i++) {
            Mailbox mailbox =
                    new Mailbox(
                            new Limits(10, 10_000, BacklogStrategy.BACKOFF, Threads.PATIENCE),
                            new DrainPools(pool, pool),
                            it.counters,
                            TestLogs.direct(),
                            () -> {});
            MailboxFixture.flow(mailbox, "a");
            mailbox.drainTo(
                    i == 5
                            ? good
                            : new RecordingSender(
                                    (event, completion) -> {
                                        throw new StackOverflowError();
                                    }));
            mailbox.offer(event("a", 1), e -> {});
            mailbox.offer(event("a", 2), e -> {});
        }
        it.executor.runAll();
        assertThat(good.calls()).containsExactly("send 1", "send 2", "flush");
    }

    @Test
    void senderThatCompletesTwiceEndsItsStreamAndNoPoolTask() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender =
                new RecordingSender(
                        (event, completion) -> {
                            completion.sent();
                            completion.sent();
                        });
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        assertThat(sender.ends())
                .singleElement()
                .isInstanceOfSatisfying(
                        IllegalStateException.class,
                        e -> assertThat(e).hasMessageContaining("recording sender"));
        assertThat(it.closed).hasValue(1);
    }

    @Test
    void senderThatCompletesTwiceLaterEndsItsStream() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offer(event("a", 1));
        it.executor.runAll();
        Completion completion = sender.takeOldest();
        completion.sent();
        completion.sent();
        it.executor.runAll();
        assertThat(sender.ends()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void failureOfTheConsumerIsLoggedAndItsBacklogCounted() {
        MailboxFixture it = MailboxFixture.unlimited();
        it.mailbox.drainTo(
                new RecordingSender(
                        (event, completion) -> {
                            throw new IllegalStateException("broken");
                        }));
        it.offerAll(events("a", 1, 3));
        try (LogCapture log = new LogCapture()) {
            it.executor.runAll();
            assertThat(log.messages("CHANNELS0017"))
                    .singleElement()
                    .asString()
                    .contains("recording sender");
            assertThat(log.records().get(0).getThrown()).hasMessage("broken");
        }
        // The one in flight, and those that waited.
        assertThat(it.counters.discarded.sum()).isEqualTo(3);
    }

    @Test
    void receiverThatIsGoneIsCountedAndNotLogged() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        try (LogCapture log = new LogCapture()) {
            sender.takeOldest().failed(new IOException("gone"));
            it.executor.runAll();
            assertThat(log.records()).isEmpty();
        }
        // The one in flight, and those that waited.
        assertThat(it.counters.discarded.sum()).isEqualTo(3);
    }

    @Test
    void eventThatNobodyCanTakeIsLoggedOnce() {
        MailboxFixture one = MailboxFixture.unlimited();
        MailboxFixture other = one.beside();
        IllegalStateException cause = new IllegalStateException("no text");
        for (MailboxFixture it : List.of(one, other)) {
            it.mailbox.drainTo(
                    new RecordingSender((event, completion) -> completion.skipped(cause)));
        }
        try (LogCapture log = new LogCapture()) {
            for (MailboxFixture it : List.of(one, other)) {
                it.offer(event("a", 1));
                it.executor.runAll();
            }
            assertThat(log.messages("CHANNELS0016")).hasSize(1);
        }
        assertThat(one.counters.skipped.sum()).isEqualTo(2);
    }

    /** Fails at the first event, at its end, and where it is named. */
    private static EventSender failingEverywhere(Supplier<String> name) {
        return new EventSender() {
            @Override
            public void send(Delivery delivery, Completion completion) throws IOException {
                if (!(delivery instanceof ChannelEvent event)) {
                    completion.sent();
                    return;
                }
                throw new IOException("gone");
            }

            @Override
            public void ended(@Nullable Throwable failure) {
                throw new IllegalStateException("ended");
            }

            @Override
            public String toString() {
                return name.get();
            }
        };
    }

    @Test
    void senderWithoutANameHarmsNobody() {
        MailboxFixture it = MailboxFixture.unlimited();
        BackgroundTask task =
                it.mailbox.drainTo(
                        failingEverywhere(
                                () -> {
                                    throw new IllegalStateException("name");
                                }));
        it.offer(event("a", 1));
        try (LogCapture log = new LogCapture()) {
            it.executor.runAll();
            assertThat(log.messages("CHANNELS0018")).hasSize(1);
        }
        assertThat(future(task)).isCompletedExceptionally();
        assertThat(it.mailbox.isRunning()).isFalse();
    }

    @Test
    void drainThatRunsOutOfMemoryCostsThePoolNoTask() {
        MailboxFixture it = MailboxFixture.unlimited();
        BackgroundTask task =
                it.mailbox.drainTo(
                        failingEverywhere(
                                () -> {
                                    throw new OutOfMemoryError("name");
                                }));
        it.offer(event("a", 1));
        it.executor.runAll();
        assertThat(future(task)).isCompletedExceptionally();
        MailboxFixture next = it.beside();
        RecordingSender sender = atOnce();
        next.mailbox.drainTo(sender);
        next.offer(event("a", 1));
        next.executor.runAll();
        assertThat(sender.calls()).containsExactly("send 1", "flush");
    }

    // ---- The end

    @Test
    void turnOfSlowCallbacksEndsInTime() {
        MailboxFixture slow = MailboxFixture.unlimited();
        MailboxFixture other = slow.beside();
        List<String> order = new ArrayList<>();
        slow.mailbox.drainTo(
                event -> {
                    order.add("slow");
                    slow.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(30));
                });
        other.mailbox.drainTo(event -> order.add("other"));
        slow.offerAll(events("a", 1, 5));
        other.offer(event("a", 1));
        slow.executor.runAll();
        assertThat(order).containsExactly("slow", "slow", "other", "slow", "slow", "slow");
    }

    @Test
    void closeGivesUpOnAConsumerThatDoesNotGoOn() throws Exception {
        MailboxFixture it =
                MailboxFixture.limited(10, BacklogStrategy.BACKOFF, Duration.ofMillis(200));
        RecordingSender sender = new RecordingSender();
        BackgroundTask task = it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        assertThatThrownBy(task::close)
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.STOP_TIMED_OUT))
                .hasMessageContaining("recording sender")
                .hasMessageContaining("channels.shutdown-timeout");
        while (sender.inFlight() > 0) {
            sender.completeOldest();
            it.executor.runAll();
        }
        it.mailbox.stop(true);
        assertThat(sender.calls()).last().isEqualTo("ended");
    }

    @Test
    void whatFollowsTheCompletionRunsOnTheExecutor() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        BackgroundTask task = it.mailbox.drainTo(sender);
        List<String> order = new ArrayList<>();
        task.completion().thenRun(() -> order.add("told"));
        task.cancel();
        assertThat(it.executor.runNext()).isTrue();
        assertThat(sender.calls()).containsExactly("ended");
        assertThat(order).isEmpty();
        it.executor.runAll();
        assertThat(order).containsExactly("told");
    }

    @Test
    void closeWaitsForTheBacklogAndTheSendInFlight() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        BackgroundTask task = it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 2));
        it.executor.runAll();
        Running<Void> close = Threads.run(task::close).awaitParked();
        assertThat(it.offer(event("a", 3))).isEqualTo(OfferResult.CLOSED);
        sender.completeOldest();
        it.executor.runAll();
        assertThat(sender.inFlight()).isEqualTo(1);
        assertThat(sender.ends()).isEmpty();
        assertThat(future(task)).isNotDone();
        sender.completeOldest();
        it.executor.runAll();
        close.get();
        task.close();
        assertThat(sender.calls()).containsExactly("send 1", "flush", "send 2", "flush", "ended");
        assertThat(future(task)).isCompletedWithValue(null);
    }

    @Test
    void cancelDoesNotWaitAndDropsTheBacklog() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        BackgroundTask task = it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        task.cancel();
        assertThat(it.mailbox.size()).isZero();
        assertThat(it.closed).hasValue(1);
        it.executor.runAll();
        task.cancel();
        assertThat(sender.calls()).containsExactly("send 1", "flush", "ended");
        // What was in flight may still complete.
        sender.completeOldest();
        it.executor.runAll();
        assertThat(sender.ends()).containsExactly((Throwable) null);
        assertThat(future(task)).isCompletedWithValue(null);
    }

    @Test
    void cancelEndsACloseThatWaits() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        BackgroundTask task = it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 2));
        it.executor.runAll();
        Running<Void> close = Threads.run(task::close).awaitParked();
        task.cancel();
        it.executor.runAll();
        close.get();
    }

    @Test
    void closeFromWithinTheCallbackDoesNotWait() {
        MailboxFixture it = MailboxFixture.unlimited();
        AtomicReference<BackgroundTask> task = new AtomicReference<>();
        List<Long> seen = new ArrayList<>();
        task.set(
                it.mailbox.drainTo(
                        event -> {
                            seen.add(event.position().offset());
                            task.get().close();
                            it.mailbox.stop(true);
                        }));
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        assertThat(seen).containsExactly(1L, 2L, 3L);
        assertThat(it.mailbox.isRunning()).isFalse();
        assertThat(future(task.get())).isDone();
    }

    @Test
    void cancelFromWithinTheCallbackDropsTheRest() {
        MailboxFixture it = MailboxFixture.unlimited();
        AtomicReference<BackgroundTask> task = new AtomicReference<>();
        List<Long> seen = new ArrayList<>();
        task.set(
                it.mailbox.drainTo(
                        event -> {
                            seen.add(event.position().offset());
                            task.get().cancel();
                        }));
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        assertThat(seen).containsExactly(1L);
        assertThat(future(task.get())).isDone();
    }

    @Test
    void closeOfAFailedTaskReturns() {
        MailboxFixture it = MailboxFixture.unlimited();
        BackgroundTask task =
                it.mailbox.drainTo(
                        new RecordingSender(
                                (event, completion) -> {
                                    throw new IOException("gone");
                                }));
        it.offer(event("a", 1));
        it.executor.runAll();
        task.close();
        assertThat(future(task)).isCompletedExceptionally();
    }
}
