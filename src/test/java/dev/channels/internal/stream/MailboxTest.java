package dev.channels.internal.stream;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.events;
import static dev.channels.test.Events.offsets;
import static dev.channels.test.Events.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.OfferResult;
import dev.channels.test.LogCapture;
import dev.channels.test.RecordingSender;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private static final List<ChannelEvent> FOO_BAR_BAZ =
            List.of(
                    event("a", "epoch", 1, "foo"),
                    event("a", "epoch", 2, "bar"),
                    event("a", "epoch", 3, "baz"));

    // ---- The worked example of BacklogStrategy

    @Test
    void backoffLeavesFooAndBar() {
        MailboxFixture it = MailboxFixture.limited(2, BacklogStrategy.BACKOFF);
        List<OfferResult> results = FOO_BAR_BAZ.stream().map(it::offer).toList();
        assertThat(results)
                .containsExactly(
                        OfferResult.ACCEPTED, OfferResult.ACCEPTED, OfferResult.DROPPED_NEWEST);
        assertThat(texts(it.dropped)).containsExactly("baz");
        it.mailbox.stop(true);
        assertThat(texts(it.iterateRest())).containsExactly("foo", "bar");
    }

    @Test
    void dropleftLeavesBarAndBaz() {
        MailboxFixture it = MailboxFixture.limited(2, BacklogStrategy.DROPLEFT);
        List<OfferResult> results = FOO_BAR_BAZ.stream().map(it::offer).toList();
        assertThat(results)
                .containsExactly(
                        OfferResult.ACCEPTED, OfferResult.ACCEPTED, OfferResult.DROPPED_OLDEST);
        assertThat(texts(it.dropped)).containsExactly("foo");
        it.mailbox.stop(true);
        assertThat(texts(it.iterateRest())).containsExactly("bar", "baz");
    }

    @Test
    void disconnectLeavesNothingAndEndsTheStream() {
        MailboxFixture it = MailboxFixture.limited(2, BacklogStrategy.DISCONNECT);
        List<OfferResult> results = FOO_BAR_BAZ.stream().map(it::offer).toList();
        assertThat(results)
                .containsExactly(OfferResult.ACCEPTED, OfferResult.ACCEPTED, OfferResult.CLOSED);
        assertThat(texts(it.dropped)).containsExactly("foo", "bar", "baz");
        assertThat(it.closed).hasValue(1);
        assertThat(it.iterateRest()).isEmpty();
        assertThat(it.offer(event("a", 4))).isEqualTo(OfferResult.CLOSED);
        assertThat(it.mailbox.failure())
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.EVENTS_DROPPED));
    }

    @Test
    void disconnectTellsTheSenderWhy() {
        MailboxFixture it = MailboxFixture.limited(2, BacklogStrategy.DISCONNECT);
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offer(event("a", 1));
        it.executor.runAll();
        it.offerAll(events("a", 2, 4));
        it.executor.runAll();
        assertThat(sender.calls()).containsExactly("send 1", "flush", "ended");
        assertThat(sender.ends()).singleElement().isInstanceOf(ChannelsException.class);
    }

    // ---- Drops are seen

    @Test
    void dropsAreCountedAndLoggedOncePerEpisode() {
        MailboxFixture it = MailboxFixture.limited(2, BacklogStrategy.DROPLEFT);
        try (LogCapture log = new LogCapture()) {
            it.offerAll(events("a", 1, 10));
            assertThat(log.messages("CHANNELS0015"))
                    .singleElement()
                    .asString()
                    .contains("2 events", "channel 'a'", "DROPLEFT", "epoch:3");
            Iterator<ChannelEvent> iterator = it.events().iterator();
            iterator.next();
            it.offerAll(events("a", 11, 12));
            assertThat(log.messages("CHANNELS0015")).hasSize(1);
            iterator.next();
            iterator.next();
            it.offerAll(events("a", 13, 15));
            assertThat(log.messages("CHANNELS0015")).as("Within one episode").hasSize(1);
        }
        assertThat(it.mailbox.droppedCount()).isEqualTo(8 + 1 + 1);
        assertThat(it.counters.dropped.sum()).isEqualTo(10);
        assertThat(it.dropped).hasSize(10);
    }

    @Test
    void hookThatThrowsLeavesTheMailboxAsItIs() {
        MailboxFixture it = MailboxFixture.limited(1, BacklogStrategy.DROPLEFT);
        it.offer(event("a", 1));
        assertThatThrownBy(
                        () ->
                                it.mailbox.offer(
                                        event("a", 2),
                                        e -> {
                                            throw new IllegalStateException("hook");
                                        }))
                .hasMessage("hook");
        assertThat(it.mailbox.size()).isEqualTo(1);
        assertThat(it.counters.dropped.sum()).isEqualTo(1);
        it.mailbox.stop(true);
        assertThat(offsets(it.iterateRest())).containsExactly(2L);
    }

    @Test
    void hookThatThrowsKeepsNobodyFromItsHistory() {
        MailboxFixture it = MailboxFixture.limited(3, BacklogStrategy.BACKOFF);
        FollowedChannel a = it.mailbox.follow("a", false);
        List<Long> told = new ArrayList<>();
        for (ChannelEvent event : events("a", 4, 5)) {
            it.mailbox.offer(
                    event,
                    dropped -> {
                        told.add(dropped.position().offset());
                        throw new IllegalStateException("hook");
                    });
        }
        it.begin(a, events("a", 1, 3));
        assertThat(told).containsExactly(4L, 5L);
        assertThat(it.counters.applicationFailures.sum()).isEqualTo(1);
        it.mailbox.close();
        assertThat(offsets(it.iterateRest())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void hookMayUseTheMailbox() throws Exception {
        MailboxFixture it = MailboxFixture.limited(1, BacklogStrategy.BACKOFF);
        it.offer(event("a", 1));
        // On another thread too: no lock is held while the hook runs.
        it.mailbox.offer(event("a", 2), e -> assertStoppedByAnotherThread(it.mailbox));
        assertThat(it.offer(event("a", 3))).isEqualTo(OfferResult.CLOSED);
    }

    private static void assertStoppedByAnotherThread(Mailbox mailbox) {
        try {
            Threads.run(() -> mailbox.stop(false)).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // ---- Iterating

    @Test
    void iterationWaitsForTheNextEventAndEndsWithTheStream() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        Running<List<ChannelEvent>> iteration = Threads.call(it::iterateRest).awaitParked();
        it.offer(event("a", 1));
        it.offer(event("a", 2));
        iteration.awaitParked();
        it.mailbox.close();
        assertThat(offsets(iteration.get())).containsExactly(1L, 2L);
        assertThat(it.mailbox.isRunning()).isFalse();
    }

    @Test
    void iterationEndsWithoutTheBacklogWhenStoppedWithoutJoining() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 3));
        Iterator<ChannelEvent> iterator = it.events().iterator();
        assertThat(offsets(List.of(iterator.next()))).containsExactly(1L);
        it.mailbox.stop(false);
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        assertThat(it.mailbox.size()).isZero();
    }

    @Test
    void stopWithoutJoiningWakesTheIteration() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        Running<List<ChannelEvent>> iteration = Threads.call(it::iterateRest).awaitParked();
        it.mailbox.stop(false);
        assertThat(iteration.get()).isEmpty();
    }

    @Test
    void interruptEndsTheIterationAndKeepsTheFlag() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        Running<Boolean> iteration =
                Threads.call(
                                () -> {
                                    it.iterateRest();
                                    return Thread.currentThread().isInterrupted();
                                })
                        .awaitParked();
        iteration.thread().interrupt();
        assertThat(iteration.get()).isTrue();
        assertThat(it.offer(event("a", 1))).isEqualTo(OfferResult.ACCEPTED);
    }

    @Test
    void interruptEndsTheIterationAlsoWhileEventsAreThere() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 3));
        Running<Boolean> iteration =
                Threads.call(
                        () -> {
                            Iterator<ChannelEvent> iterator = it.events().iterator();
                            iterator.next();
                            Thread.currentThread().interrupt();
                            return iterator.hasNext();
                        });
        assertThat(iteration.get()).isFalse();
        assertThat(it.mailbox.size()).isEqualTo(2);
    }

    @Test
    void stopDoesNotWaitForAnIterationThatWasInterrupted() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 3));
        Running<Void> iteration =
                Threads.run(
                        () -> {
                            Iterator<ChannelEvent> iterator = it.events().iterator();
                            iterator.next();
                            Thread.currentThread().interrupt();
                            assertThat(iterator.hasNext()).isFalse();
                            assertThat(Thread.interrupted()).isTrue();
                            // Stays alive, and does something else.
                            Threads.run(() -> it.mailbox.stop(true)).get();
                        });
        iteration.get();
    }

    // ---- One consumer

    @Test
    void secondTaskIsRefused() {
        MailboxFixture it = MailboxFixture.unlimited();
        it.mailbox.drainTo(new RecordingSender());
        assertThatThrownBy(() -> it.mailbox.drainTo(new RecordingSender()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a consumer already");
        assertThatThrownBy(() -> it.mailbox.drainTo(event -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void iterationBesideTaskIsRefused() {
        MailboxFixture it = MailboxFixture.unlimited();
        Iterator<ChannelEvent> before = it.events().iterator();
        it.mailbox.drainTo(event -> {});
        it.offer(event("a", 1));
        assertThatThrownBy(it::events).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(before::hasNext).isInstanceOf(IllegalStateException.class);
        assertThat(it.mailbox.size()).isEqualTo(1);
    }

    @Test
    void taskBesideIterationIsRefused() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        Running<List<ChannelEvent>> iteration = Threads.call(it::iterateRest).awaitParked();
        assertThatThrownBy(() -> it.mailbox.drainTo(event -> {}))
                .isInstanceOf(IllegalStateException.class);
        it.mailbox.stop(false);
        assertThat(iteration.get()).isEmpty();
    }

    @Test
    void endedStreamIteratesOverNothingAndTakesNoTask() {
        MailboxFixture it = MailboxFixture.unlimited();
        it.mailbox.drainTo(event -> {});
        it.mailbox.stop(false);
        assertThat(it.mailbox.isRunning()).isTrue();
        it.executor.runAll();
        assertThat(it.mailbox.isRunning()).isFalse();
        assertThat(it.iterateRest()).isEmpty();
        assertThatThrownBy(() -> it.mailbox.drainTo(event -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
    }

    // ---- Stopping

    @Test
    void stopWithFullBacklogAndNoConsumerReturnsAtOnce() {
        for (BacklogStrategy strategy :
                List.of(BacklogStrategy.BACKOFF, BacklogStrategy.DROPLEFT)) {
            MailboxFixture it = MailboxFixture.limited(2, strategy);
            it.offerAll(events("a", 1, 5));
            it.mailbox.stop(true);
            assertThat(it.offer(event("a", 6))).isEqualTo(OfferResult.CLOSED);
            assertThat(it.mailbox.size()).isEqualTo(2);
            assertThat(it.closed).hasValue(1);
        }
    }

    @Test
    void stopWaitsUntilTheTaskHasConsumedTheBacklog() throws Exception {
        MailboxFixture it = MailboxFixture.limited(2, BacklogStrategy.DROPLEFT);
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 4));
        Running<Void> stop = Threads.run(() -> it.mailbox.stop(true)).awaitParked();
        it.executor.runAll();
        sender.completeOldest();
        it.executor.runAll();
        assertThat(stop.isDone()).isFalse();
        sender.completeOldest();
        it.executor.runAll();
        stop.get();
        assertThat(offsets(sender.sent())).containsExactly(3L, 4L);
        assertThat(sender.ends()).hasSize(1);
    }

    @Test
    void stopWaitsForTheIterationToComeBack() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 2));
        Iterator<ChannelEvent> iterator = it.events().iterator();
        iterator.next();
        Running<Void> stop = Threads.run(() -> it.mailbox.stop(true)).awaitParked();
        iterator.next();
        assertThat(stop.isDone()).isFalse();
        assertThat(iterator.hasNext()).isFalse();
        stop.get();
    }

    @Test
    void stopGivesUpOnAnIterationThatDoesNotComeBack() {
        MailboxFixture it =
                MailboxFixture.limited(5, BacklogStrategy.BACKOFF, Duration.ofMillis(150));
        it.offerAll(events("a", 1, 2));
        it.events().iterator().next();
        Running<Void> stop = Threads.run(() -> it.mailbox.stop(true));
        assertThatThrownBy(stop::get)
                .cause()
                .isInstanceOf(ChannelsException.class)
                .hasMessageContaining("CHANNELS0020")
                .hasMessageContaining("150 ms (channels.shutdown-timeout)");
    }

    @Test
    void stopDoesNotWaitForAnIterationWhoseThreadHasEnded() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 2));
        Threads.run(() -> it.events().iterator().next()).get();
        Threads.run(() -> it.mailbox.stop(true)).get();
    }

    @Test
    void stopDoesNotWaitForAnIterationThatHasBrokenOff() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 3));
        it.events().iterator().next();
        it.mailbox.endIteration();
        Threads.run(() -> it.mailbox.stop(true)).get();
        assertThat(offsets(it.iterateRest())).containsExactly(2L, 3L);
    }

    @Test
    void stopThatWaitsReturnsWhenTheIterationBreaksOff() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 2));
        it.events().iterator().next();
        Running<Void> stop = Threads.run(() -> it.mailbox.stop(true)).awaitParked();
        Threads.run(it.mailbox::endIteration).get();
        assertThat(stop.isDone()).as("said by another thread").isFalse();
        it.mailbox.endIteration();
        stop.get();
    }

    @Test
    void stopDoesNotWaitForAThreadThatPolledInVain() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        assertThat(it.mailbox.poll(Duration.ZERO)).isNull();
        it.offerAll(events("a", 1, 1));
        Threads.run(() -> it.mailbox.stop(true)).get();
        assertThat(offsets(it.iterateRest())).containsExactly(1L);
    }

    @Test
    void stopFromWithinTheIterationReturnsAtOnce() {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offerAll(events("a", 1, 3));
        int seen = 0;
        for (ChannelEvent event : it.events()) {
            seen++;
            it.mailbox.stop(true);
            assertThat(event.position().offset()).isEqualTo(seen);
        }
        assertThat(seen).isEqualTo(3);
    }

    @Test
    void interruptedStopSaysSoAndTheTaskGoesOn() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender((event, completion) -> completion.sent());
        it.mailbox.drainTo(sender);
        it.offer(event("a", 1));
        Running<Boolean> stop =
                Threads.call(
                        () -> {
                            assertThatThrownBy(() -> it.mailbox.stop(true))
                                    .isInstanceOf(ChannelsException.class)
                                    .hasMessageContaining("CHANNELS0020")
                                    .hasMessageContaining("interrupted");
                            return Thread.currentThread().isInterrupted();
                        });
        stop.awaitParked().thread().interrupt();
        assertThat(stop.get()).isTrue();
        it.executor.runAll();
        assertThat(sender.calls()).containsExactly("send 1", "flush", "ended");
    }

    @Test
    void stoppingTwiceIsHarmless() {
        MailboxFixture it = MailboxFixture.unlimited();
        it.offer(event("a", 1));
        it.mailbox.stop(true);
        it.mailbox.stop(true);
        it.mailbox.stop(false);
        it.mailbox.stop(false);
        it.mailbox.stop(true);
        assertThat(it.closed).hasValue(1);
    }

    // ---- Holding

    @Test
    void heldEventsComeAfterTheHistory() {
        MailboxFixture it = MailboxFixture.unlimited();
        FollowedChannel a = it.mailbox.follow("a", false);
        RecordingSender sender = new RecordingSender((event, completion) -> completion.sent());
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 4, 5));
        it.executor.runAll();
        assertThat(sender.calls()).isEmpty();
        it.begin(a, events("a", 1, 5));
        it.executor.runAll();
        assertThat(offsets(sender.sent())).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void historyThatIsPutMeanwhileReleasesNoHold() {
        MailboxFixture it = MailboxFixture.unlimited();
        FollowedChannel a = it.mailbox.follow("a", false);
        RecordingSender sender = new RecordingSender((event, completion) -> completion.sent());
        it.mailbox.drainTo(sender);
        it.mailbox.prepend(Map.of("a", events("a", 4, 5)));
        it.executor.runAll();
        assertThat(sender.calls()).isEmpty();
        it.begin(a, events("a", 1, 5));
        it.executor.runAll();
        assertThat(offsets(sender.sent())).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void historyThatComesAfterTheEndOfTheSubscriptionIsLeftOut() {
        MailboxFixture it = MailboxFixture.unlimited();
        FollowedChannel a = it.mailbox.follow("a", false);
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 4, 5));
        it.mailbox.close();
        it.executor.runAll();
        assertThat(offsets(sender.sent())).containsExactly(4L);
        it.begin(a, events("a", 1, 5));
        it.mailbox.prepend(Map.of("a", events("a", 1, 5)));
        sender.completeOldest();
        it.executor.runAll();
        assertThat(offsets(sender.sent())).containsExactly(4L, 5L);
    }

    @Test
    void heldEventsGiveWayToAHistoryThatFillsTheBacklog() {
        MailboxFixture it = MailboxFixture.limited(3, BacklogStrategy.BACKOFF);
        FollowedChannel a = it.mailbox.follow("a", false);
        it.offerAll(events("a", 4, 5));
        it.begin(a, events("a", 1, 3));
        assertThat(offsets(it.dropped)).containsExactly(4L, 5L);
        assertThat(it.counters.dropped.sum()).isEqualTo(2);
        assertThat(it.mailbox.droppedCount()).isEqualTo(2);
        it.mailbox.close();
        assertThat(offsets(it.iterateRest())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void heldEventsThatDoNotFitBehindTheHistoryEndTheStream() {
        MailboxFixture it = MailboxFixture.limited(3, BacklogStrategy.DISCONNECT);
        FollowedChannel a = it.mailbox.follow("a", false);
        it.offerAll(events("a", 4, 6));
        it.begin(a, events("a", 1, 3));
        assertThat(offsets(it.dropped)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(it.closed).hasValue(1);
        assertThat(it.offer(event("a", 7))).isEqualTo(OfferResult.CLOSED);
    }

    @Test
    void endReleasesTheHold() throws Exception {
        MailboxFixture it = MailboxFixture.unlimited();
        FollowedChannel a = it.mailbox.follow("a", false);
        it.offer(event("a", 1));
        Running<List<ChannelEvent>> iteration = Threads.call(it::iterateRest).awaitParked();
        it.mailbox.close();
        assertThat(offsets(iteration.get())).containsExactly(1L);
    }

    @Test
    void historyForAnEndedStreamIsLeftOut() {
        MailboxFixture it = MailboxFixture.unlimited();
        FollowedChannel a = it.mailbox.follow("a", false);
        it.mailbox.stop(false);
        it.begin(a, events("a", 1, 5));
        it.mailbox.prepend(Map.of("a", events("a", 1, 5)));
        assertThat(it.mailbox.size()).isZero();
    }

    @Test
    void runningTaskGetsHistoryLargerThanTheLimit() {
        MailboxFixture it = MailboxFixture.limited(2, BacklogStrategy.DISCONNECT);
        RecordingSender sender = new RecordingSender((event, completion) -> completion.sent());
        it.mailbox.drainTo(sender);
        it.mailbox.prepend(Map.of("a", events("a", 1, 100)));
        it.offerAll(events("a", 101, 102));
        it.executor.runAll();
        assertThat(offsets(sender.sent())).hasSize(102).isSorted();
    }
}
