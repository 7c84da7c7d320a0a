package dev.channels.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.Episode;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.PoolJob;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import dev.channels.test.FaultyExecutor;
import dev.channels.test.FaultyExecutor.Fault;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import dev.channels.test.ScriptedBackend;
import dev.channels.test.ScriptedBackend.Call;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PublishLaneTest {

    private static final BrokerUnavailableException AWAY =
            new BrokerUnavailableException("The broker is away.", null);

    private final ScriptedBackend backend = new ScriptedBackend();
    private final Counters counters = new Counters();
    private final ManualExecutor executor = new ManualExecutor();
    private final ManualScheduler scheduler = new ManualScheduler();

    /** Looks after the executor and the log, whose clock stands still until it is moved. */
    private final ManualScheduler looks = new ManualScheduler();

    private final AtomicLong clock = new AtomicLong();
    private int maxEvents = 100_000;
    private long maxBytes = 1 << 26;

    @AfterEach
    void endScheduler() {
        scheduler.shutdownNow();
        looks.shutdownNow();
    }

    private PublishLane lane() {
        return lane(executor, scheduler);
    }

    private PublishLane lane(Executor on, ScheduledExecutorService later) {
        return new PublishLane(
                backend,
                report(sure(on)),
                new DrainPool(sure(on), later, 1, 0),
                later,
                new PublishBounds(maxEvents, maxBytes));
    }

    private SureExecutor sure(Executor on) {
        return SureExecutor.on(on, looks, clock::get);
    }

    private PublishReport report(SureExecutor on) {
        return new PublishReport(counters, on, new NodeLog(on, looks, clock::get));
    }

    private static CompletableFuture<Void> publish(PublishLane lane, String text) {
        CompletableFuture<Void> promise = new CompletableFuture<>();
        lane.publish(text.getBytes(StandardCharsets.UTF_8), Map.of(), Set.of("a"), promise);
        return promise;
    }

    /** Lets the episodes end. */
    private void quiet() {
        clock.addAndGet(Episode.QUIET_NANOS);
        while (looks.runNext()) {
            executor.runAll();
        }
    }

    private static void assertFailed(CompletableFuture<Void> promise, ErrorCode code) {
        assertThatThrownBy(promise::join)
                .cause()
                .isInstanceOfSatisfying(
                        ChannelsException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
    }

    // ---- Order

    @Test
    void publishesWaitForTheBatchBeforeThem() throws Exception {
        PublishLane lane = lane();
        CompletableFuture<Void> one = publish(lane, "1");
        executor.runAll();
        CompletableFuture<Void> two = publish(lane, "2");
        CompletableFuture<Void> three = publish(lane, "3");
        executor.runAll();
        assertThat(backend.published()).containsExactly(List.of("1"));
        backend.take().complete();
        executor.runAll();
        assertThat(one).isCompletedWithValue(null);
        assertThat(two).isNotDone();
        assertThat(backend.published()).containsExactly(List.of("1"), List.of("2", "3"));
        backend.take().complete();
        executor.runAll();
        assertThat(two).isCompleted();
        assertThat(three).isCompleted();
        assertThat(counters.published.sum()).isEqualTo(3);
        assertThat(lane.waitingPublishes()).isZero();
    }

    @Test
    void sequencesIncrease() throws Exception {
        PublishLane lane = lane();
        for (int i = 0; i < 2_500; i++) {
            publish(lane, "x");
        }
        backend.onPublish = call -> CompletableFuture.completedFuture(null);
        executor.runAll();
        List<Long> sequences =
                backend.calls("publish").stream()
                        .flatMap(call -> call.batch().stream())
                        .map(Publication::sequence)
                        .toList();
        assertThat(sequences).hasSize(2_500).isSorted().doesNotHaveDuplicates();
        assertThat(backend.published()).allMatch(batch -> batch.size() <= 1_000);
    }

    @Test
    void failedPublishIsReportedAndTheNextOnesGoOn() throws Exception {
        PublishLane lane = lane();
        try (LogCapture log = new LogCapture()) {
            CompletableFuture<Void> one = publish(lane, "1");
            executor.runAll();
            CompletableFuture<Void> two = publish(lane, "2");
            backend.take().fail(new CompletionException(new IllegalStateException("no")));
            executor.runAll();
            assertFailed(one, ErrorCode.PUBLISH_FAILED);
            assertThatThrownBy(one::join).hasRootCauseMessage("no");
            backend.take().fail(new IllegalStateException("no again"));
            executor.runAll();
            assertFailed(two, ErrorCode.PUBLISH_FAILED);
            assertThat(log.messages("CHANNELS0008")).hasSize(1);
            CompletableFuture<Void> three = publish(lane, "3");
            executor.runAll();
            backend.take().complete();
            executor.runAll();
            assertThat(three).isCompletedWithValue(null);
            quiet();
            assertThat(log.messages("CHANNELS0008"))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("1 more");
            publish(lane, "4");
            executor.runAll();
            backend.take().fail(new IllegalStateException("later"));
            executor.runAll();
            assertThat(log.messages("CHANNELS0008")).hasSize(3);
        }
        assertThat(counters.publishFailures.sum()).isEqualTo(3);
        assertThat(counters.published.sum()).isEqualTo(1);
    }

    @Test
    void completionExceptionWithoutCauseIsAFailure() throws Exception {
        PublishLane lane = lane();
        CompletableFuture<Void> promise = publish(lane, "1");
        executor.runAll();
        backend.take().fail(new CompletionException("bare", null));
        executor.runAll();
        assertFailed(promise, ErrorCode.PUBLISH_FAILED);
        assertThat(counters.published.sum()).isZero();
    }

    @Test
    void backendThatThrowsOrReturnsNullFailsTheBatchOnly() {
        PublishLane lane = lane();
        backend.onPublish =
                call -> {
                    throw new IllegalStateException("thrown");
                };
        CompletableFuture<Void> one = publish(lane, "1");
        executor.runAll();
        assertFailed(one, ErrorCode.PUBLISH_FAILED);
        backend.onPublish = call -> null;
        CompletableFuture<Void> two = publish(lane, "2");
        executor.runAll();
        assertFailed(two, ErrorCode.PUBLISH_FAILED);
        backend.onPublish = call -> CompletableFuture.completedFuture(null);
        CompletableFuture<Void> three = publish(lane, "3");
        executor.runAll();
        assertThat(three).isCompletedWithValue(null);
    }

    @Test
    void rejectedPublicationsFailTheOthersSucceed() throws Exception {
        PublishLane lane = lane();
        CompletableFuture<Void> one = publish(lane, "1");
        CompletableFuture<Void> two = publish(lane, "2");
        CompletableFuture<Void> three = publish(lane, "3");
        executor.runAll();
        Call call = backend.take();
        call.fail(
                new PublicationsRejectedException(
                        Map.of(call.batch().get(1), new IllegalArgumentException("too large"))));
        executor.runAll();
        assertThat(one).isCompletedWithValue(null);
        assertFailed(two, ErrorCode.PUBLISH_FAILED);
        assertThatThrownBy(two::join).hasRootCauseMessage("too large");
        assertThat(three).isCompletedWithValue(null);
        assertThat(counters.published.sum()).isEqualTo(2);
        assertThat(counters.publishFailures.sum()).isEqualTo(1);
    }

    // ---- While the broker is away

    @Test
    void sameBatchComesAgainWhenTheBrokerWasAway() throws Exception {
        PublishLane lane = lane();
        try (LogCapture log = new LogCapture()) {
            CompletableFuture<Void> one = publish(lane, "1");
            CompletableFuture<Void> two = publish(lane, "2");
            executor.runAll();
            Call first = backend.take();
            first.fail(new CompletionException(AWAY));
            CompletableFuture<Void> three = publish(lane, "3");
            executor.runAll();
            assertThat(backend.calls("publish")).hasSize(1);
            assertThat(scheduler.runNext()).isTrue();
            executor.runAll();
            Call second = backend.take();
            assertThat(second.batch()).containsExactlyElementsOf(first.batch());
            second.fail(AWAY);
            executor.runAll();
            assertThat(log.messages("CHANNELS0013")).hasSize(1);
            assertThat(scheduler.runNext()).isTrue();
            executor.runAll();
            backend.take().complete();
            executor.runAll();
            backend.take().complete();
            executor.runAll();
            assertThat(backend.published())
                    .containsExactly(
                            List.of("1", "2"), List.of("1", "2"), List.of("1", "2"), List.of("3"));
            assertThat(List.of(one, two, three)).allMatch(CompletableFuture::isDone);
        }
        assertThat(counters.published.sum()).isEqualTo(3);
        assertThat(counters.publishFailures.sum()).isZero();
    }

    @Test
    void delaysGrowUpToABound() throws Exception {
        PublishLane lane = lane();
        backend.onPublish = call -> CompletableFuture.failedFuture(AWAY);
        publish(lane, "1");
        executor.runAll();
        for (int i = 0; i < 12; i++) {
            assertThat(scheduler.runNext()).isTrue();
            executor.runAll();
        }
        List<Long> delays = List.copyOf(scheduler.delaysMillis());
        assertThat(delays.get(0)).isBetween(50L, 100L);
        assertThat(delays.get(3)).isBetween(400L, 800L);
        assertThat(delays.get(12)).isBetween(2_500L, 5_000L);
        assertThat(delays).allMatch(delay -> delay <= 5_000);
    }

    @Test
    void returnOfTheBrokerEndsTheDelay() throws Exception {
        PublishLane lane = lane();
        CompletableFuture<Void> promise = publish(lane, "1");
        executor.runAll();
        backend.take().fail(AWAY);
        lane.resume();
        lane.resume();
        executor.runAll();
        backend.take().complete();
        executor.runAll();
        assertThat(promise).isCompletedWithValue(null);
        // The delay ends later, and finds nothing to do.
        scheduler.runNext();
        executor.runAll();
        assertThat(backend.calls("publish")).hasSize(2);
    }

    @Test
    void taskThatPausedLeavesTheNextCallToItsOwnTask() throws Exception {
        AtomicReference<Running<Void>> resumed = new AtomicReference<>();
        // The delay is over at once, on another thread, before the call that paused returns.
        ScheduledThreadPoolExecutor eager =
                new ScheduledThreadPoolExecutor(0) {
                    @Override
                    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                        resumed.set(Threads.run(task::run));
                        resumed.get().result().join();
                        return super.schedule(() -> {}, 1, TimeUnit.DAYS);
                    }
                };
        // Tasks run where they are submitted, as while a server stops.
        PublishLane lane = lane(Runnable::run, eager);
        List<Thread> threads = new CopyOnWriteArrayList<>();
        backend.onPublish =
                call -> {
                    threads.add(Thread.currentThread());
                    if (threads.size() == 1) {
                        return CompletableFuture.failedFuture(AWAY);
                    }
                    if (threads.size() == 2) {
                        publish(lane, "2");
                    }
                    return CompletableFuture.completedFuture(null);
                };
        CompletableFuture<Void> promise = publish(lane, "1");
        assertThat(promise).isCompletedWithValue(null);
        assertThat(backend.published()).containsExactly(List.of("1"), List.of("1"), List.of("2"));
        Thread second = resumed.get().thread();
        assertThat(threads).containsExactly(Thread.currentThread(), second, second);
        eager.shutdownNow();
    }

    @Test
    void schedulerThatRefusesLeavesTheReturnOfTheBroker() throws Exception {
        ScheduledThreadPoolExecutor ended = new ScheduledThreadPoolExecutor(1);
        ended.shutdownNow();
        PublishLane lane = lane(executor, ended);
        CompletableFuture<Void> promise = publish(lane, "1");
        executor.runAll();
        try (LogCapture log = new LogCapture()) {
            backend.take().fail(AWAY);
            executor.runAll();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        lane.resume();
        executor.runAll();
        backend.take().fail(AWAY);
        CompletableFuture<Void> next = publish(lane, "2");
        executor.runAll();
        assertThat(backend.calls("publish")).as("The next publish tries again").hasSize(3);
        backend.take().complete();
        executor.runAll();
        assertThat(next).isNotDone();
        backend.take().complete();
        executor.runAll();
        assertThat(promise).isCompletedWithValue(null);
    }

    // ---- Bounds

    @Test
    void newestPublishFailsWhenTooManyWait() throws Exception {
        maxEvents = 4;
        PublishLane lane = lane();
        try (LogCapture log = new LogCapture()) {
            publish(lane, "1");
            executor.runAll();
            Call call = backend.take();
            for (int i = 2; i <= 4; i++) {
                publish(lane, String.valueOf(i));
            }
            CompletableFuture<Void> fifth = publish(lane, "5");
            CompletableFuture<Void> sixth = publish(lane, "6");
            executor.runAll();
            assertFailed(fifth, ErrorCode.PUBLISH_QUEUE_FULL);
            assertFailed(sixth, ErrorCode.PUBLISH_QUEUE_FULL);
            assertThat(counters.publishFailures.sum()).isEqualTo(2);
            assertThat(log.messages("CHANNELS0009"))
                    .singleElement()
                    .asString()
                    .startsWith("CHANNELS0009: A publish to [a] failed")
                    .contains("4 publishes", "channels.publish-queue-max-events");
            assertThat(lane.waitingPublishes()).isEqualTo(4);
            call.complete();
            executor.runAll();
            backend.take().complete();
            executor.runAll();
            assertThat(backend.published()).containsExactly(List.of("1"), List.of("2", "3", "4"));
            quiet();
            for (int i = 7; i <= 12; i++) {
                publish(lane, String.valueOf(i));
            }
            executor.runAll();
            assertThat(log.messages("CHANNELS0009")).hasSize(3);
        }
    }

    @Test
    void aQueueOfOneThatIsFullAgainAndAgainIsOneEpisode() throws Exception {
        maxEvents = 1;
        PublishLane lane = lane();
        try (LogCapture log = new LogCapture()) {
            for (int round = 1; round <= 100; round++) {
                publish(lane, "taken");
                publish(lane, "refused");
                publish(lane, "refused");
                executor.runAll();
                backend.take().complete();
                executor.runAll();
                clock.addAndGet(Episode.QUIET_NANOS / 100);
            }
            quiet();
            assertThat(log.messages("CHANNELS0009"))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("… 199 more until now");
        }
    }

    @Test
    void bytesThatWaitAreBounded() throws Exception {
        maxBytes = 10;
        PublishLane lane = lane();
        CompletableFuture<Void> large = publish(lane, "more than ten bytes");
        CompletableFuture<Void> refused = publish(lane, "x");
        executor.runAll();
        assertFailed(refused, ErrorCode.PUBLISH_QUEUE_FULL);
        backend.take().complete();
        executor.runAll();
        assertThat(large).isCompletedWithValue(null);
        publish(lane, "12345");
        CompletableFuture<Void> fits = publish(lane, "67890");
        CompletableFuture<Void> tooMuch = publish(lane, "1");
        executor.runAll();
        assertFailed(tooMuch, ErrorCode.PUBLISH_QUEUE_FULL);
        backend.take().complete();
        executor.runAll();
        assertThat(fits).isCompletedWithValue(null);
    }

    @Test
    void publishNeverBlocksWhileTheBackendIsStuck() throws Exception {
        maxEvents = 1_000;
        PublishLane lane = lane();
        publish(lane, "0");
        executor.runAll();
        Running<Void> publisher =
                Threads.run(() -> IntStream.range(0, 5_000).forEach(i -> publish(lane, "x")));
        publisher.get();
        assertThat(lane.waitingPublishes()).isEqualTo(1_000);
        assertThat(counters.publishFailures.sum()).isEqualTo(4_001);
    }

    @Test
    void promisesAreNotCompletedOnTheThreadOfTheBackend() throws Exception {
        PublishLane lane = lane();
        CompletableFuture<Void> promise = publish(lane, "1");
        executor.runAll();
        backend.take().complete();
        assertThat(promise).isNotDone();
        executor.runAll();
        assertThat(promise).isCompletedWithValue(null);
    }

    // ---- An executor in trouble

    @ParameterizedTest
    @EnumSource(Fault.class)
    void theLaneGoesOnWhateverTheExecutorDoes(Fault fault) {
        FaultyExecutor faulty = new FaultyExecutor();
        PublishLane lane = lane(faulty, scheduler);
        backend.onPublish = call -> CompletableFuture.completedFuture(null);
        List<CompletableFuture<Void>> promises = new ArrayList<>();
        faulty.fault = fault;
        promises.add(publish(lane, "1"));
        faulty.runAll();
        promises.add(publish(lane, "2"));
        faulty.fault = Fault.NONE;
        promises.add(publish(lane, "3"));
        for (int second = 0; second < 30; second++) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
            int planned = looks.size();
            for (int i = 0; i < planned; i++) {
                looks.runNext();
            }
            faulty.runAll();
        }
        assertThat(promises).allMatch(CompletableFuture::isDone);
        assertThat(backend.published().stream().flatMap(List::stream))
                .containsExactly("1", "2", "3");
        assertThat(lane.waitingPublishes()).isZero();
    }

    @Test
    void anExecutorInTroubleWhileABatchIsWithTheBackend() throws Exception {
        FaultyExecutor faulty = new FaultyExecutor();
        PublishLane lane = lane(faulty, scheduler);
        publish(lane, "1");
        faulty.runAll();
        publish(lane, "2");
        faulty.fault = Fault.THROWS_ERROR;
        backend.take().complete();
        faulty.fault = Fault.NONE;
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        while (looks.runNext()) {
            faulty.runAll();
        }
        assertThat(backend.published()).containsExactly(List.of("1"), List.of("2"));
    }

    @Test
    void aBackendWhoseExceptionsThrowThemselvesDoesNotEndTheLane() throws Exception {
        PublishLane lane = lane();
        List<Throwable> hostile =
                List.of(
                        new IllegalStateException() {
                            @Override
                            public String toString() {
                                throw new IllegalStateException("no text");
                            }
                        },
                        new PublicationsRejectedException(Map.of()) {
                            @Override
                            public Throwable reasonFor(Publication publication) {
                                throw new IllegalStateException("no reason");
                            }
                        });
        for (Throwable failure : hostile) {
            backend.onPublish = call -> CompletableFuture.failedFuture(failure);
            CompletableFuture<Void> promise = publish(lane, "hostile");
            CompletableFuture<Void> next = publish(lane, "next");
            executor.runAll();
            assertFailed(promise, ErrorCode.PUBLISH_FAILED);
            assertFailed(next, ErrorCode.PUBLISH_FAILED);
        }
        backend.onPublish = null;
        CompletableFuture<Void> good = publish(lane, "good");
        executor.runAll();
        backend.take().complete();
        executor.runAll();
        assertThat(good).isCompletedWithValue(null);
    }

    @Test
    void aStageThatIsNoFutureIsUnderstood() {
        PublishLane lane = lane();
        CompletableFuture<Void> inner = new CompletableFuture<>();
        backend.onPublish = call -> new StageOnly(inner);
        CompletableFuture<Void> promise = publish(lane, "1");
        executor.runAll();
        assertThat(promise).isNotDone();
        inner.complete(null);
        executor.runAll();
        assertThat(promise).isCompletedWithValue(null);
    }

    /** A stage of another library, which need not be a future. */
    private static final class StageOnly extends CompletableFuture<Void> {
        private final CompletableFuture<Void> inner;

        StageOnly(CompletableFuture<Void> inner) {
            this.inner = inner;
        }

        @Override
        public CompletableFuture<Void> toCompletableFuture() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> whenComplete(
                BiConsumer<? super Void, ? super Throwable> action) {
            return inner.whenComplete(action);
        }
    }

    // ---- The end

    @Test
    void closeWaitsForWhatWasAccepted() throws Exception {
        PublishLane lane = lane();
        CompletableFuture<Void> promise = publish(lane, "1");
        CompletableFuture<Void> closed = lane.close();
        assertThatThrownBy(() -> publish(lane, "2"))
                .isInstanceOf(ChannelsException.class)
                .hasMessageContaining("CHANNELS0007");
        executor.runAll();
        assertThat(closed).isNotDone();
        backend.take().complete();
        executor.runAll();
        assertThat(closed).isCompletedWithValue(null);
        assertThat(promise).isCompletedWithValue(null);
        assertThat(lane.close()).isCompletedWithValue(null);
    }

    @Test
    void closeOfAnEmptyLaneIsComplete() {
        assertThat(lane().close()).isCompletedWithValue(null);
    }

    @Test
    void abandonFailsWhatWaitsAndIgnoresTheBackendAfterwards() throws Exception {
        PublishLane lane = lane();
        CompletableFuture<Void> one = publish(lane, "1");
        executor.runAll();
        CompletableFuture<Void> two = publish(lane, "2");
        lane.close();
        try (LogCapture log = new LogCapture()) {
            lane.abandon();
            executor.runAll();
            assertThat(log.messages("CHANNELS0008"))
                    .singleElement()
                    .asString()
                    .contains("2 of 2 publishes failed");
        }
        assertFailed(one, ErrorCode.STOP_TIMED_OUT);
        assertFailed(two, ErrorCode.STOP_TIMED_OUT);
        assertThat(lane.waitingPublishes()).isZero();
        backend.take().complete();
        executor.runAll();
        assertThat(counters.published.sum()).isZero();
        assertThat(counters.publishFailures.sum()).isEqualTo(2);
        assertThat(backend.calls("publish")).hasSize(1);
        lane.abandon();
    }

    @Test
    void abandonWhileTheBrokerIsAway() throws Exception {
        PublishLane lane = lane();
        CompletableFuture<Void> promise = publish(lane, "1");
        executor.runAll();
        backend.take().fail(AWAY);
        lane.close();
        lane.abandon();
        executor.runAll();
        assertFailed(promise, ErrorCode.STOP_TIMED_OUT);
        scheduler.runNext();
        executor.runAll();
        assertThat(backend.calls("publish")).hasSize(1);
    }

    // ---- Recursion and stress

    @Test
    void synchronousBackendDoesNotRecurse() throws Exception {
        PublishLane lane = lane(Runnable::run, scheduler);
        AtomicInteger published = new AtomicInteger();
        backend.onPublish =
                call -> {
                    // Publishing from within, as a subscriber of the memory backend may do.
                    if (published.addAndGet(call.batch().size()) < 20_000) {
                        lane.publish(new byte[1], Map.of(), Set.of("a"), null);
                    }
                    return CompletableFuture.completedFuture(null);
                };
        Running<Void> publisher =
                Threads.run(() -> lane.publish(new byte[1], Map.of(), Set.of("a"), null));
        publisher.get();
        await().atMost(Threads.PATIENCE).until(() -> published.get() >= 20_000);
    }

    @RepeatedTest(3)
    void eachThreadsPublishesStayInOrderWhateverFails(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        ExecutorService threads = Executors.newFixedThreadPool(3);
        ScheduledThreadPoolExecutor soon =
                new ScheduledThreadPoolExecutor(1) {
                    @Override
                    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                        return super.schedule(task, 10, TimeUnit.MICROSECONDS);
                    }
                };
        PublishLane lane = lane(threads, soon);
        Map<String, Integer> last = new HashMap<>();
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean wrong = new AtomicBoolean();
        AtomicBoolean busy = new AtomicBoolean();
        backend.onPublish =
                call -> {
                    CompletableFuture<Void> stage = new CompletableFuture<>();
                    if (!busy.compareAndSet(false, true)) {
                        wrong.set(true);
                    }
                    int what = random.nextInt(10);
                    Runnable end =
                            () -> {
                                if (what == 0) {
                                    refused.addAndGet(call.batch().size());
                                } else if (what > 2) {
                                    accepted.addAndGet(call.batch().size());
                                }
                                if (what == 0 || what > 2) {
                                    for (Publication publication : call.batch()) {
                                        String[] text =
                                                ScriptedBackend.text(publication).split(" ");
                                        Integer before =
                                                last.put(text[0], Integer.valueOf(text[1]));
                                        if (before != null && before >= Integer.parseInt(text[1])) {
                                            wrong.set(true);
                                        }
                                    }
                                }
                                busy.set(false);
                                if (what == 0) {
                                    stage.completeExceptionally(new IllegalStateException("no"));
                                } else if (what <= 2) {
                                    stage.completeExceptionally(AWAY);
                                } else {
                                    stage.complete(null);
                                }
                            };
                    if (random.nextBoolean()) {
                        threads.execute(end);
                    } else {
                        end.run();
                    }
                    return stage;
                };
        int perThread = 5_000;
        List<Running<List<CompletableFuture<Void>>>> publishers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "thread" + i;
            publishers.add(
                    Threads.call(
                            () -> {
                                List<CompletableFuture<Void>> promises = new ArrayList<>();
                                for (int n = 1; n <= perThread; n++) {
                                    promises.add(publish(lane, name + " " + n));
                                }
                                return promises;
                            }));
        }
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Running<List<CompletableFuture<Void>>> publisher : publishers) {
            all.addAll(publisher.get());
        }
        lane.close().get(30, TimeUnit.SECONDS);
        await().atMost(Threads.PATIENCE)
                .until(() -> all.stream().allMatch(CompletableFuture::isDone));
        long failed = all.stream().filter(CompletableFuture::isCompletedExceptionally).count();
        assertThat(wrong).isFalse();
        assertThat(accepted.get() + refused.get()).isEqualTo(4 * perThread);
        assertThat(failed).isEqualTo(refused.get());
        assertThat(counters.published.sum()).isEqualTo(accepted.get());
        threads.shutdownNow();
        soon.shutdownNow();
    }

    @Test
    void stageOfAnotherKindIsUnderstood() throws Exception {
        PublishLane lane = lane();
        backend.onPublish =
                call -> {
                    CompletionStage<Void> dependent =
                            CompletableFuture.<Void>failedFuture(AWAY).thenApply(v -> v);
                    return dependent;
                };
        CompletableFuture<Void> promise = publish(lane, "1");
        executor.runAll();
        assertThat(promise).isNotDone();
        assertThat(scheduler.size()).isEqualTo(1);
    }

    @Test
    void manyEventsAreServedWhileTheyAreHandedOver() {
        ManualExecutor executor = new ManualExecutor();
        DrainPool pool = new DrainPool(executor, scheduler, 1, 16);
        PoolJob served =
                new PoolJob() {
                    @Override
                    protected boolean run(long now) {
                        return false;
                    }

                    @Override
                    protected boolean mayBlock() {
                        return false;
                    }
                };
        List<Integer> tasks = new ArrayList<>();
        backend.onPublish =
                call -> {
                    pool.ready(served);
                    tasks.add(executor.size());
                    return CompletableFuture.completedFuture(null);
                };
        PublishLane lane =
                new PublishLane(
                        backend,
                        report(sure(executor)),
                        pool,
                        scheduler,
                        new PublishBounds(maxEvents, maxBytes));
        lane.publish(new byte[1], Map.of(), Set.of("a"), null);
        executor.runAll();
        assertThat(tasks).as("Tasks beside that of the lane, for one event").containsExactly(0);
        lane.publish(new byte[1], Map.of(), Set.of("a"), null);
        lane.publish(new byte[1], Map.of(), Set.of("a"), null);
        executor.runAll();
        assertThat(tasks).as("The same, then for two at once").containsExactly(0, 1);
    }
}
