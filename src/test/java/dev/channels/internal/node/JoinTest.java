package dev.channels.internal.node;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.events;
import static dev.channels.test.Events.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.BackgroundTask;
import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Note;
import dev.channels.Position;
import dev.channels.Refused;
import dev.channels.Start;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import dev.channels.test.Events;
import dev.channels.test.ScriptedBackend;
import dev.channels.test.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels are joined in a running stream, and the stream says what happens to them. */
class JoinTest {

    @RegisterExtension final NodeFixture it = new NodeFixture();

    private final ScriptedBackend backend = new ScriptedBackend().willing();
    private final Recorder recorder = new Recorder(true);

    /** Writes down a stream as short words: {@code a1}, {@code joined a@0}, {@code gap a}. */
    private static final class Recorder implements EventSender {
        private final List<String> words = new CopyOnWriteArrayList<>();
        private final LinkedBlockingQueue<Completion> inFlight = new LinkedBlockingQueue<>();
        private final boolean atOnce;
        private volatile boolean ended;
        private volatile Throwable failure;

        Recorder(boolean atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public void send(Delivery delivery, Completion completion) {
            words.add(word(delivery));
            if (atOnce) {
                completion.sent();
            } else {
                inFlight.add(completion);
            }
        }

        @Override
        public void ended(Throwable cause) {
            failure = cause;
            ended = true;
        }

        void await(String... expected) {
            org.awaitility.Awaitility.await()
                    .atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(words).containsExactly(expected));
        }
    }

    private static String word(Delivery delivery) {
        if (delivery instanceof ChannelEvent event) {
            return event.channel() + event.position().offset();
        } else if (delivery instanceof Joined joined) {
            Position position = joined.position();
            return "joined "
                    + joined.channel()
                    + (position == null ? "" : "@" + position.offset())
                    + (joined.complete() ? "" : " incomplete");
        } else if (delivery instanceof Gap gap) {
            return "gap " + gap.channel() + (gap.cause() == Gap.Cause.BROKER ? "" : " dropped");
        } else if (delivery instanceof Refused refused) {
            return "refused " + refused.channel() + " " + refused.reason().errorCode();
        }
        return "note " + ((Note) delivery).content();
    }

    private static CompletionStage<HistorySlice> slice(String channel, long from, long to) {
        return CompletableFuture.completedFuture(Events.slice(events(channel, from, to)));
    }

    private static CompletionStage<HistorySlice> stands(long offset, boolean gap) {
        return CompletableFuture.completedFuture(
                new HistorySlice(List.of(), new Position("epoch", offset), gap));
    }

    // ---- Gaps in their place

    @Test
    void aGapStandsBetweenTheEventsThatItSeparates() {
        ChannelsPlugin plugin = it.started(backend);
        Subscriber subscriber = plugin.subscribe("a");
        backend.deliver("a", 1, 2);
        backend.sink().gap("a");
        backend.deliver("a", 5, 6);
        plugin.unsubscribe(subscriber);
        List<String> words = new ArrayList<>();
        subscriber.iterDeliveries().forEach(delivery -> words.add(word(delivery)));
        assertThat(words).containsExactly("joined a", "a1", "a2", "gap a", "a5", "a6");
    }

    @Test
    void aCallbackAndASenderSeeTheGapInItsPlace() {
        ChannelsPlugin plugin = it.started(backend);
        List<String> called = new CopyOnWriteArrayList<>();
        BackgroundTask task =
                plugin.subscribe("a").deliverInBackground(delivery -> called.add(word(delivery)));
        plugin.startSubscription(List.of("a"), 0, recorder);
        backend.deliver("a", 1, 1);
        backend.sink().gap("a");
        backend.deliver("a", 4, 4);
        recorder.await("joined a", "a1", "gap a", "a4");
        task.close();
        assertThat(called).containsExactly("joined a", "a1", "gap a", "a4");
    }

    @Test
    void eventsThatAreMissingAreAGapThoughNobodySaidSo() {
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), 0, recorder);
        backend.deliver("a", 1, 2);
        backend.deliver("a", 4, 4);
        backend.deliver("a", 6, 6);
        recorder.await("joined a", "a1", "a2", "gap a", "a4", "gap a", "a6");
        assertThat(plugin.statistics().gaps()).isEqualTo(2);
    }

    @Test
    void whatTheBacklogDropsIsAGapInItsPlace() {
        it.settings.maxBacklog = 2;
        ChannelsPlugin backoff = it.started(backend);
        Subscriber newest = backoff.subscribe("a", "b");
        backend.deliver("a", 1, 4);
        backend.deliver("b", 1, 1);
        assertThat(rest(backoff, newest))
                .containsExactly(
                        "joined a", "joined b", "a1", "a2", "gap a dropped", "gap b dropped");
        it.settings.strategy = BacklogStrategy.DROPLEFT;
        ScriptedBackend other = new ScriptedBackend().willing();
        ChannelsPlugin dropleft = it.started(other);
        Subscriber oldest = dropleft.subscribe("a");
        other.deliver("a", 1, 4);
        assertThat(rest(dropleft, oldest)).containsExactly("joined a", "gap a dropped", "a3", "a4");
    }

    private static List<String> rest(ChannelsPlugin plugin, Subscriber subscriber) {
        plugin.unsubscribe(subscriber);
        List<String> words = new ArrayList<>();
        subscriber.iterDeliveries().forEach(delivery -> words.add(word(delivery)));
        return words;
    }

    // ---- Joining

    @Test
    void aChannelIsJoinedWhileTheOthersFlow() {
        CompletableFuture<HistorySlice> history = new CompletableFuture<>();
        backend.onHistory = channel -> channel.equals("b") ? history : slice(channel, 1, 0);
        ChannelsPlugin plugin = it.started(backend);
        Subscription subscription = plugin.startSubscription(List.of("a"), 0, recorder);
        subscription.join(Start.last(2), "b");
        backend.deliver("a", 1, 1);
        backend.deliver("b", 3, 3);
        backend.deliver("a", 2, 2);
        recorder.await("joined a", "a1", "a2");
        history.complete(Events.slice(events("b", 2, 3)));
        backend.deliver("b", 4, 4);
        recorder.await("joined a", "a1", "a2", "joined b@1", "b2", "b3", "b4");
        subscription.leave("a");
        backend.deliver("a", 3, 3);
        backend.deliver("b", 5, 5);
        recorder.await("joined a", "a1", "a2", "joined b@1", "b2", "b3", "b4", "b5");
        assertThat(recorder.ended).isFalse();
        subscription.leave("b");
        await().atMost(Threads.PATIENCE).until(() -> recorder.ended);
    }

    @Test
    void nowSaysWhereTheChannelStands() {
        backend.onHistory = channel -> stands(7, false);
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), Start.now(), recorder);
        backend.deliver("a", 8, 8);
        recorder.await("joined a@7", "a8");
    }

    @Test
    void afterAPositionEverythingFollowsOnceAndInOrder() {
        backend.onAfter = (channel, position) -> slice(channel, position.offset() + 1, 6);
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), Start.after(new Position("epoch", 3)), recorder);
        backend.deliver("a", 6, 7);
        recorder.await("joined a@3", "a4", "a5", "a6", "a7");
    }

    @Test
    void afterAPositionThatIsGoneTheStreamBeginsNowAndSaysSo() {
        backend.onAfter =
                (channel, position) ->
                        CompletableFuture.completedFuture(
                                new HistorySlice(
                                        events("a", 90, 99), new Position("epoch", 99), true));
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), Start.after(new Position("epoch", 3)), recorder);
        backend.deliver("a", 99, 100);
        recorder.await("joined a@99 incomplete", "a100");
    }

    @Test
    void anotherNodeMayHaveBeenAhead() {
        backend.onAfter = (channel, position) -> stands(5, false);
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), 0, new Recorder(true));
        backend.deliver("a", 1, 3);
        plugin.startSubscription(List.of("a"), Start.after(new Position("epoch", 5)), recorder);
        recorder.await("joined a@5");
        backend.deliver("a", 4, 6);
        recorder.await("joined a@5", "a6");
    }

    @Test
    void withoutHistoryJoiningSaysNoPosition() {
        backend.hasHistory = false;
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), Start.last(5), recorder);
        backend.deliver("a", 1, 1);
        recorder.await("joined a", "a1");
    }

    @Test
    void refusedStandsInTheStreamAndTheOthersFlowOn() {
        backend.onHistory =
                channel ->
                        channel.equals("b")
                                ? CompletableFuture.failedFuture(
                                        new IllegalStateException("broken"))
                                : slice(channel, 1, 1);
        ChannelsPlugin plugin = it.started(backend);
        Subscription subscription = plugin.startSubscription(List.of("a"), 1, recorder);
        subscription.join(Start.last(1), "b");
        backend.deliver("b", 1, 1);
        backend.deliver("a", 2, 2);
        recorder.await("joined a@0", "a1", "refused b HISTORY_FAILED", "a2");
        backend.onHistory = channel -> slice(channel, 1, 1);
        subscription.join(Start.last(1), "b");
        recorder.await("joined a@0", "a1", "refused b HISTORY_FAILED", "a2", "joined b@0", "b1");
    }

    @Test
    void aStreamWithNothingLeftEndsWithTheReason() {
        backend.onSubscribe =
                call -> CompletableFuture.failedFuture(new IllegalStateException("forbidden"));
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), 0, recorder);
        await().atMost(Threads.PATIENCE).until(() -> recorder.ended);
        assertThat(((ChannelsException) recorder.failure).errorCode())
                .isEqualTo(ErrorCode.SUBSCRIBE_FAILED);
        assertThat(plugin.statistics().subscribers()).isZero();
    }

    @Test
    void anOpenSubscriptionStaysWithoutChannelsAndCarriesNotesInOrder() {
        ChannelsPlugin plugin = it.started(backend);
        Subscription subscription = plugin.openSubscription(recorder);
        assertThat(subscription.put(new Note("hello", 5))).isTrue();
        subscription.join(Start.last(0), "a");
        backend.deliver("a", 1, 1);
        subscription.put(new Note("between", 7));
        backend.deliver("a", 2, 2);
        subscription.leave("a");
        subscription.put(new Note("bye", 3));
        recorder.await("note hello", "joined a", "a1", "note between", "a2", "note bye");
        subscription.join(Start.last(0), "a");
        backend.deliver("a", 3, 3);
        recorder.await(
                "note hello", "joined a", "a1", "note between", "a2", "note bye", "joined a", "a3");
        subscription.close();
        await().atMost(Threads.PATIENCE).until(() -> recorder.ended);
        assertThat(recorder.failure).isNull();
        assertThat(subscription.put(new Note("late", 4))).isFalse();
    }

    @Test
    void aJoinThatFailsLateDoesNotEndItsSuccessor() {
        List<CompletableFuture<HistorySlice>> reads = new CopyOnWriteArrayList<>();
        backend.onHistory =
                channel -> {
                    CompletableFuture<HistorySlice> read = new CompletableFuture<>();
                    reads.add(read);
                    return read;
                };
        ChannelsPlugin plugin = it.started(backend);
        Subscription subscription = plugin.openSubscription(recorder);
        subscription.join(Start.last(1), "a");
        subscription.leave("a");
        subscription.join(Start.last(2), "a");
        reads.get(0).completeExceptionally(new IllegalStateException("late"));
        reads.get(1).complete(Events.slice(events("a", 1, 2)));
        backend.deliver("a", 3, 3);
        recorder.await("joined a@0", "a1", "a2", "a3");
    }

    @Test
    void whatDoesNotFitBeforeAJoinWithoutHistoryIsAGap() {
        it.settings.maxBacklog = 1;
        backend.onSubscribe = null;
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), Start.last(0), recorder);
        // Others may have subscribed this node before, so that events come already.
        backend.deliver("a", 1, 2);
        ScriptedBackend.Call subscribe = take();
        subscribe.complete();
        recorder.await("joined a", "a1", "gap a dropped");
        backend.deliver("a", 3, 3);
        recorder.await("joined a", "a1", "gap a dropped", "a3");
        assertThat(plugin.statistics().dropped()).isEqualTo(1);
    }

    private ScriptedBackend.Call take() {
        try {
            return backend.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- An outage

    @Test
    void whoWaitsForTheBrokerLearnsThatTheNodeStops() throws Exception {
        backend.onHistory =
                channel ->
                        CompletableFuture.failedFuture(
                                new BrokerUnavailableException("away", null));
        it.settings.subscribeTimeout = Duration.ofMinutes(5);
        ChannelsNode node = it.started(backend);
        CompletableFuture<Void> stage =
                node.startSubscription(List.of("a"), 1, recorder)
                        .established()
                        .toCompletableFuture();
        Threads.Running<Void> blocked =
                Threads.run(
                        () ->
                                assertThatThrownBy(() -> node.subscribe(List.of("a"), 1))
                                        .isInstanceOfSatisfying(
                                                ChannelsException.class,
                                                e ->
                                                        assertThat(e.errorCode())
                                                                .isEqualTo(ErrorCode.NOT_RUNNING)));
        await().atMost(Threads.PATIENCE).until(() -> node.statistics().subscribers() == 2);
        node.stop();
        blocked.get();
        assertThatThrownBy(() -> NodeFixture.get(stage))
                .hasRootCauseInstanceOf(ChannelsException.class);
        assertThat(recorder.ended).isTrue();
    }

    @Test
    void whoJoinsWhileTheBrokerIsAwayWaitsForItsHistory() {
        backend.onHistory =
                channel ->
                        CompletableFuture.failedFuture(
                                new BrokerUnavailableException("away", null));
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), 0, new Recorder(true));
        backend.sink().disconnected(null);
        plugin.startSubscription(List.of("a"), 2, recorder);
        await().atMost(Threads.PATIENCE).until(() -> backend.historyCalls.size() >= 2);
        assertThat(recorder.words).isEmpty();
        assertThat(recorder.ended).isFalse();
        backend.onHistory = channel -> slice(channel, 1, 2);
        backend.sink().connected();
        backend.deliver("a", 3, 3);
        recorder.await("joined a@0", "a1", "a2", "a3");
    }

    @Test
    void whoSubscribesWhileTheBrokerIsAwayWaitsForIt() {
        backend.onSubscribe =
                call ->
                        CompletableFuture.failedFuture(
                                new BrokerUnavailableException("away", null));
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), 0, recorder);
        await().atMost(Threads.PATIENCE).until(() -> backend.calls("subscribe").size() >= 2);
        assertThat(recorder.ended).isFalse();
        backend.onSubscribe = call -> CompletableFuture.completedFuture(null);
        backend.sink().connected();
        recorder.await("joined a");
        backend.deliver("a", 1, 1);
        recorder.await("joined a", "a1");
    }

    @Test
    void aBlockingSubscribeWaitsForTheBrokerUpToItsTimeout() throws Exception {
        backend.onHistory =
                channel ->
                        CompletableFuture.failedFuture(
                                new BrokerUnavailableException("away", null));
        it.settings.subscribeTimeout = Duration.ofMillis(300);
        ChannelsPlugin plugin = it.started(backend);
        assertThatThrownBy(() -> plugin.subscribe(List.of("a"), 1))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SUBSCRIBE_FAILED));
        assertThat(plugin.statistics().subscribers()).isZero();
    }

    // ---- A storm

    @Test
    void equalReadsUnderWayAreOneRead() {
        CompletableFuture<HistorySlice> read = new CompletableFuture<>();
        backend.onHistory = channel -> read;
        ChannelsPlugin plugin = it.started(backend);
        List<Recorder> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Recorder one = new Recorder(true);
            all.add(one);
            plugin.startSubscription(List.of("a"), 2, one);
        }
        read.complete(Events.slice(events("a", 1, 2)));
        all.forEach(one -> one.await("joined a@0", "a1", "a2"));
        assertThat(backend.historyCalls).hasSize(1);
    }

    @Test
    void aReadThatBeganBeforeADeliveredEventIsReadAgain() {
        List<CompletableFuture<HistorySlice>> reads = new CopyOnWriteArrayList<>();
        it.settings.historyCacheMaxBytes = 0;
        backend.onHistory =
                channel -> {
                    CompletableFuture<HistorySlice> read = new CompletableFuture<>();
                    reads.add(read);
                    return read;
                };
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), 5, new Recorder(true));
        backend.deliver("a", 3, 3);
        plugin.startSubscription(List.of("a"), 5, recorder);
        // Both wait for the one read, which is from before the event that only the first was given.
        reads.get(0).complete(Events.slice(events("a", 1, 2)));
        assertThat(recorder.words).isEmpty();
        reads.get(1).complete(Events.slice(events("a", 1, 3)));
        recorder.await("joined a@0", "a1", "a2", "a3");
    }

    @Test
    void readersAreServedFromWhatThisNodeHasSeen() {
        backend.onHistory = channel -> slice(channel, 1, 2);
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), 2, new Recorder(true));
        backend.deliver("a", 3, 600);
        List<String> before = List.copyOf(backend.historyCalls);
        Recorder after = new Recorder(true);
        plugin.startSubscription(List.of("a"), Start.after(new Position("epoch", 1)), after);
        await().atMost(Threads.PATIENCE).until(() -> after.words.size() == 600);
        assertThat(after.words.get(0)).isEqualTo("joined a@1");
        assertThat(after.words.get(599)).isEqualTo("a600");
        plugin.startSubscription(List.of("a"), 2, recorder);
        recorder.await("joined a@598", "a599", "a600");
        assertThat(backend.historyCalls).isEqualTo(before);
    }

    /** A gap may stand for a history that was deleted: nobody is given it from memory then. */
    @Test
    void whatWasReadBeforeAGapIsNotForThoseWhoComeAfterIt() {
        CompletableFuture<HistorySlice> early = new CompletableFuture<>();
        backend.onHistory = channel -> early;
        ChannelsPlugin plugin = it.started(backend);
        Recorder first = new Recorder(true);
        plugin.startSubscription(List.of("a"), 2, first);
        backend.sink().gap("a");
        backend.onHistory = channel -> slice(channel, 1, 0);
        Recorder meanwhile = new Recorder(true);
        plugin.startSubscription(List.of("a"), 2, meanwhile);
        meanwhile.await("joined a@0");
        early.complete(Events.slice(events("a", 1, 2)));
        first.await("joined a@0", "a1", "a2", "gap a");
        plugin.startSubscription(List.of("a"), 2, recorder);
        recorder.await("joined a@0");
        assertThat(backend.historyCalls).hasSize(3);
    }

    @Test
    void whatANodeKeepsIsBounded() {
        it.settings.historyCacheMaxBytes = 10_000;
        backend.onHistory = channel -> slice(channel, 1, 1);
        backend.onAfter = (channel, position) -> slice(channel, position.offset() + 1, 600);
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), 1, new Recorder(true));
        backend.deliver("a", 2, 600);
        plugin.startSubscription(List.of("a"), Start.after(new Position("epoch", 597)), recorder);
        recorder.await("joined a@597", "a598", "a599", "a600");
        assertThat(backend.historyCalls).hasSize(1);
        plugin.startSubscription(
                List.of("a"), Start.after(new Position("epoch", 300)), new Recorder(true));
        assertThat(backend.historyCalls).hasSize(2);
    }

    @Test
    void aLongHistoryIsReadPageByPageAsTheConsumerTakesIt() {
        it.settings.historyCacheMaxBytes = 0;
        keepHistory(1_200);
        ChannelsPlugin plugin = it.started(backend);
        Recorder slow = new Recorder(false);
        plugin.startSubscription(List.of("a"), -1, slow);
        take(slow, 1);
        assertThat(backend.historyCalls)
                .containsExactly("a 0", "a after epoch:0 " + Join.FIRST_PAGE);
        take(slow, Join.FIRST_PAGE);
        await().atMost(Threads.PATIENCE).until(() -> backend.historyCalls.size() == 3);
        assertThat(backend.historyCalls).last().asString().endsWith(" " + Join.PAGE);
        take(slow, 1_200 - Join.FIRST_PAGE);
        assertThat(slow.words.get(1_200)).isEqualTo("a1200");
        assertThat(backend.historyCalls).hasSize(5);
    }

    /** The node has just begun to follow the channel, and no two of them stood at one place. */
    @Test
    void whoComesBackFromManyPlacesIsServedFromWhatOthersHaveRead() {
        keepHistory(1_200);
        ChannelsPlugin plugin = it.started(backend);
        for (int place = 1; place <= 40; place++) {
            Recorder back = new Recorder(true);
            plugin.startSubscription(List.of("a"), Start.after(new Position("epoch", place)), back);
            int all = 1_200 - place + 1;
            await().atMost(Threads.PATIENCE).until(() -> back.words.size() == all);
            assertThat(back.words.get(0)).isEqualTo("joined a@" + place);
            assertThat(back.words.subList(1, all))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(place + 1, 1_200)
                                    .mapToObj(offset -> "a" + offset)
                                    .toList());
        }
        assertThat(backend.historyCalls).as("reads of 40 clients").hasSizeLessThan(20);
    }

    /** The backend has so many events, and answers with as many as it is asked for. */
    private void keepHistory(long newest) {
        backend.onHistory = channel -> stands(newest, false);
        backend.onAfter =
                (channel, position) -> {
                    String call = backend.historyCalls.get(backend.historyCalls.size() - 1);
                    int limit = Integer.parseInt(call.substring(call.lastIndexOf(' ') + 1));
                    long to = Math.min(newest, position.offset() + limit);
                    return CompletableFuture.completedFuture(
                            new HistorySlice(
                                    events(channel, position.offset() + 1, to),
                                    new Position("epoch", newest),
                                    false));
                };
    }

    @Test
    void pagesOfLargeEventsAreShort() {
        it.settings.historyCacheMaxBytes = 0;
        Position end = new Position("epoch", 80);
        backend.onAfter =
                (channel, position) -> {
                    List<ChannelEvent> page = new ArrayList<>();
                    long to = position.offset() == 0 ? 64 : position.offset() + 4;
                    for (long offset = position.offset() + 1; offset <= to; offset++) {
                        page.add(Events.sized(channel, offset, 256 * 1024));
                    }
                    return CompletableFuture.completedFuture(new HistorySlice(page, end, false));
                };
        ChannelsPlugin plugin = it.started(backend);
        plugin.startSubscription(List.of("a"), Start.after(new Position("epoch", 0)), recorder);
        await().atMost(Threads.PATIENCE).until(() -> recorder.words.size() == 81);
        assertThat(backend.historyCalls)
                .containsExactly(
                        "a after epoch:0 64",
                        "a after epoch:64 4",
                        "a after epoch:68 4",
                        "a after epoch:72 4",
                        "a after epoch:76 4");
    }

    /** Lets a slow consumer take so many items. */
    private static void take(Recorder slow, int items) {
        for (int i = 0; i < items; i++) {
            try {
                EventSender.Completion next =
                        slow.inFlight.poll(
                                Threads.PATIENCE.toSeconds(),
                                java.util.concurrent.TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                next.sent();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    // ---- Races

    @RepeatedTest(5)
    void whoComesAndGoesMissesNothingAndGetsNothingTwice(RepetitionInfo repetition)
            throws Exception {
        int events = 20_000;
        it.settings.maxBacklog = 50;
        it.settings.strategy = BacklogStrategy.DISCONNECT;
        ChannelsPlugin plugin = it.started(new MemoryBackend(100_000));
        AtomicInteger joins = new AtomicInteger();
        Threads.Running<Void> publisher =
                Threads.run(
                        () -> {
                            for (int i = 1; i <= events; i++) {
                                plugin.publish(String.valueOf(i), "a");
                                if (i % 100 == 0) {
                                    NodeFixture.get(plugin.waitPublished("x", "b"));
                                }
                            }
                        });
        List<Threads.Running<List<Long>>> readers = new ArrayList<>();
        for (int reader = 0; reader < 3; reader++) {
            readers.add(Threads.call(() -> comeAndGo(plugin, events, joins)));
        }
        publisher.get();
        for (Threads.Running<List<Long>> reader : readers) {
            assertThat(reader.get()).isEqualTo(LongStream.rangeClosed(1, events).boxed().toList());
        }
        assertThat(joins.get()).isGreaterThan(readers.size());
    }

    /** Follows a channel to its end, coming back again and again after what it has had. */
    private static List<Long> comeAndGo(ChannelsPlugin plugin, int events, AtomicInteger joins) {
        List<ChannelEvent> all = new ArrayList<>();
        Position last = null;
        while (all.size() < events) {
            Visit visit = new Visit(all.size() + 500);
            Start start = last == null ? Start.last(-1) : Start.after(last);
            joins.incrementAndGet();
            try (Subscription subscription = plugin.startSubscription(List.of("a"), start, visit)) {
                await().atMost(Threads.PATIENCE)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> visit.isOver(events));
            }
            synchronized (visit) {
                assertThat(visit.incomplete).isFalse();
                all.addAll(visit.events);
                if (!visit.events.isEmpty()) {
                    last = visit.events.get(visit.events.size() - 1).position();
                }
                visit.closed = true;
            }
        }
        return offsets(all);
    }

    /** One visit: takes some events and then no more. */
    private static final class Visit implements EventSender {
        private final List<ChannelEvent> events = new ArrayList<>();
        private final int enough;
        private boolean incomplete;
        private boolean closed;
        private boolean ended;

        Visit(int enough) {
            this.enough = enough;
        }

        @Override
        public synchronized void send(Delivery delivery, Completion completion) {
            if (!closed && delivery instanceof ChannelEvent event) {
                events.add(event);
            } else if (delivery instanceof Joined joined) {
                incomplete |= !joined.complete();
            } else if (delivery instanceof Gap) {
                incomplete = true;
            }
            completion.sent();
        }

        @Override
        public synchronized void ended(Throwable cause) {
            // The backlog was full; who comes back has it all the same.
            ended = true;
        }

        synchronized boolean isOver(int last) {
            return ended
                    || events.size() >= enough
                    || (!events.isEmpty()
                            && events.get(events.size() - 1).position().offset() == last);
        }
    }

    /** An application that publishes, and reads then, must find it, whoever reads already. */
    @Test
    void historyIsReadAfterItWasAskedFor() {
        CompletableFuture<HistorySlice> early = new CompletableFuture<>();
        backend.onHistory = channel -> early;
        ChannelsNode node = it.started(backend);
        ChannelHistory history = node.history().orElseThrow();
        CompletionStage<HistorySlice> first = history.last("a", 10);
        backend.onHistory = channel -> slice(channel, 1, 1);
        CompletionStage<HistorySlice> second = history.last("a", 10);
        CompletionStage<HistorySlice> third = history.last("a", 10);
        early.complete(Events.slice(events("a", 1, 0)));
        assertThat(NodeFixture.get(first).events()).isEmpty();
        assertThat(NodeFixture.get(second).events()).hasSize(1);
        assertThat(third).isSameAs(second);
        assertThat(node.statistics().historyReads()).isEqualTo(2);
    }
}
