package dev.channels.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.Backlog;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsListener;
import dev.channels.ChannelsPlugin;
import dev.channels.ChannelsStatistics;
import dev.channels.ErrorCode;
import dev.channels.OfferResult;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.HistorySlice;
import dev.channels.test.Events;
import dev.channels.test.LogCapture;
import dev.channels.test.RecordingSender;
import dev.channels.test.ScriptedBackend;
import dev.channels.test.ScriptedBackend.Call;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelsNodeTest {

    @RegisterExtension final NodeFixture it = new NodeFixture();

    private final ScriptedBackend backend = new ScriptedBackend().willing();

    private static ChannelsException failure(Runnable call) {
        try {
            call.run();
        } catch (ChannelsException e) {
            return e;
        }
        throw new AssertionError("It did not fail");
    }

    private static CompletionStage<HistorySlice> slice(long from, long to) {
        return CompletableFuture.completedFuture(Events.slice(Events.events("a", from, to)));
    }

    // ---- Names

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "tab\t", "\ud800", "\u0085"})
    void invalidNamesAreRefusedWithTheRule(String name) {
        it.settings.arbitraryChannelsAllowed = true;
        ChannelsPlugin plugin = it.started(backend);
        for (Runnable call :
                List.<Runnable>of(
                        () -> plugin.publish("x", name),
                        () -> plugin.waitPublished("x", "a", name),
                        () -> plugin.subscribe("a", name),
                        () ->
                                plugin.startSubscription(
                                        List.of("a", name), 0, new RecordingSender()))) {
            ChannelsException e = failure(call);
            assertThat(e.errorCode()).isEqualTo(ErrorCode.INVALID_CHANNEL_NAME);
            assertThat(e).hasMessageContaining("1 to 200 characters");
        }
        assertThat(backend.calls()).isEmpty();
    }

    @Test
    void invalidNamesAreCalledSoAlsoWhereNamesAreDeclared() {
        ChannelsPlugin plugin = it.started(backend);
        assertThat(failure(() -> plugin.publish("x", "a/b")).errorCode())
                .isEqualTo(ErrorCode.INVALID_CHANNEL_NAME);
    }

    @Test
    void atLeastOneChannelMustBeNamed() {
        ChannelsPlugin plugin = it.started(backend);
        Subscriber subscriber = plugin.subscribe("a");
        for (Runnable call :
                List.<Runnable>of(
                        () -> plugin.publish("x"),
                        () -> plugin.waitPublished("x", List.of()),
                        () -> plugin.subscribe(),
                        () -> plugin.startSubscription(List.of(), 0, new RecordingSender()),
                        () -> plugin.unsubscribe(subscriber, List.of()),
                        () -> plugin.putSubscriberHistory(subscriber, List.of(), 1))) {
            assertThat(failure(call).errorCode()).isEqualTo(ErrorCode.NO_CHANNEL);
        }
    }

    @Test
    void nullIsRefused() {
        ChannelsPlugin plugin = it.started(backend);
        assertThat(failure(() -> plugin.publish(null, "a")).errorCode())
                .isEqualTo(ErrorCode.NOT_ENCODABLE);
        assertThatNullPointerException()
                .isThrownBy(() -> plugin.startSubscription(List.of("a"), 0, null));
        assertThatNullPointerException().isThrownBy(() -> plugin.addListener(null));
        assertThat(backend.calls()).isEmpty();
    }

    @Test
    void namesGivenTwiceCountOnce() {
        ChannelsPlugin plugin = it.started(new MemoryBackend(10));
        Subscriber subscriber = plugin.subscribe(List.of("a", "a"), 0);
        NodeFixture.get(plugin.waitPublished("x", List.of("a", "b", "a")));
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("x");
        assertThat(NodeFixture.rest(plugin, plugin.subscribe(List.of("a", "a"), -1)))
                .containsExactly("x");
    }

    // ---- Not running

    @Test
    void callsBeforeTheStartAreRefused() {
        ChannelsNode plugin = it.node(backend);
        for (Runnable call :
                List.<Runnable>of(
                        () -> plugin.publish("x", "a"),
                        () -> plugin.waitPublished("x", "a"),
                        () -> plugin.subscribe("a"))) {
            assertThat(failure(call).errorCode()).isEqualTo(ErrorCode.NOT_RUNNING);
        }
        assertThat(plugin.statistics().subscribers()).isZero();
    }

    // ---- Publishing

    @Test
    void eventOfOnePublishReachesAllItsChannels() {
        ChannelsPlugin plugin = it.started(new MemoryBackend(0));
        Subscriber both = plugin.subscribe("a", "b");
        Subscriber c = plugin.subscribe("c");
        NodeFixture.get(plugin.waitPublished("x", "a", "b"));
        assertThat(NodeFixture.rest(plugin, both)).containsExactly("x", "x");
        assertThat(NodeFixture.rest(plugin, c)).isEmpty();
    }

    @Test
    void publishReturnsWhileTheBackendIsStuck() throws Exception {
        backend.onPublish = null;
        ChannelsPlugin plugin = it.started(backend);
        it.settings.shutdownTimeout = Duration.ofMillis(200);
        Threads.run(
                        () -> {
                            for (int i = 0; i < 1_000; i++) {
                                plugin.publish("x", "a");
                            }
                        })
                .get();
        assertThat(plugin.statistics().waitingPublishes()).isEqualTo(1_000);
        Call call = backend.take();
        backend.onPublish = c -> CompletableFuture.completedFuture(null);
        call.complete();
    }

    @Test
    void valueThatCannotBeEncodedPublishesNothing() {
        ChannelsPlugin plugin = it.started(backend);
        class Broken {
            @SuppressWarnings("unused")
            public String getValue() {
                throw new IllegalStateException("no value");
            }
        }
        assertThatThrownBy(() -> plugin.publish(new Broken(), "a"))
                .isInstanceOf(ChannelsException.class)
                .hasMessageContaining("CHANNELS0005")
                .hasMessageContaining(Broken.class.getName());
        assertThatThrownBy(() -> plugin.waitPublished("\ud800", "a"))
                .isInstanceOf(ChannelsException.class)
                .hasMessageContaining("java.lang.String");
        assertThat(backend.calls("publish")).isEmpty();
        assertThat(plugin.statistics().waitingPublishes()).isZero();
    }

    @Test
    void stageIsNotTheCallersToComplete() throws Exception {
        backend.onPublish = null;
        ChannelsPlugin plugin = it.started(backend);
        CompletionStage<Void> stage = plugin.waitPublished("x", "a");
        Call call = backend.take();
        stage.toCompletableFuture().complete(null);
        CompletableFuture<Void> again = stage.toCompletableFuture();
        assertThat(again).isNotDone();
        call.complete();
        NodeFixture.get(again);
    }

    // ---- Subscribing

    @Test
    void subscribeWaitsForTheBackend() throws Exception {
        backend.onSubscribe = null;
        ChannelsPlugin plugin = it.started(backend);
        Running<Subscriber> subscribing = Threads.call(() -> plugin.subscribe("a", "b"));
        Call call = backend.take();
        subscribing.awaitParked();
        assertThat(call.channels()).containsExactlyInAnyOrder("a", "b");
        call.complete();
        assertThat(subscribing.get().backlogSize()).isZero();
    }

    @Test
    void subscribeThatFailsLeavesNothing() {
        backend.onSubscribe =
                call -> CompletableFuture.failedFuture(new IllegalStateException("refused"));
        ChannelsPlugin plugin = it.started(backend);
        ChannelsException e = failure(() -> plugin.subscribe("a"));
        assertThat(e.errorCode()).isEqualTo(ErrorCode.SUBSCRIBE_FAILED);
        assertThat(e).hasRootCauseMessage("refused");
        assertThat(plugin.statistics().subscribers()).isZero();
        backend.onSubscribe = call -> CompletableFuture.completedFuture(null);
        assertThat(plugin.subscribe("a").backlogSize()).isZero();
    }

    @Test
    void subscribeThatFailsForOneChannelLeavesTheOthers() {
        ChannelsPlugin plugin = it.started(backend);
        Subscriber keeper = plugin.subscribe("a");
        backend.onSubscribe =
                call -> CompletableFuture.failedFuture(new IllegalStateException("refused"));
        failure(() -> plugin.subscribe("a", "b"));
        backend.deliver("a", 1, 1);
        assertThat(plugin.statistics().subscribers()).isEqualTo(1);
        assertThat(NodeFixture.rest(plugin, keeper)).containsExactly("1");
        assertThat(backend.calls())
                .containsExactly("subscribe [a]", "subscribe [b]", "unsubscribe [a]");
    }

    @Test
    void subscribeTimesOut() throws Exception {
        it.settings.subscribeTimeout = Duration.ofMillis(150);
        backend.onSubscribe = null;
        ChannelsPlugin plugin = it.started(backend);
        ChannelsException e = failure(() -> plugin.subscribe("a"));
        assertThat(e.errorCode()).isEqualTo(ErrorCode.SUBSCRIBE_FAILED);
        assertThat(e).hasMessageContaining("150 ms (channels.subscribe-timeout)");
        assertThat(plugin.statistics().subscribers()).isZero();
        backend.take().complete();
        assertThat(backend.calls()).containsExactly("subscribe [a]", "unsubscribe [a]");
    }

    @Test
    void interruptedSubscribeKeepsTheFlag() throws Exception {
        backend.onSubscribe = null;
        ChannelsPlugin plugin = it.started(backend);
        Running<Boolean> subscribing =
                Threads.call(
                        () -> {
                            failure(() -> plugin.subscribe("a"));
                            return Thread.currentThread().isInterrupted();
                        });
        subscribing.awaitParked();
        backend.take();
        subscribing.awaitParked().thread().interrupt();
        assertThat(subscribing.get()).isTrue();
    }

    @Test
    void channelsOfAFamilyAreDeclaredAndMisspeltOnesAreNot() {
        it.settings.channels = Set.of("orders", "order-*");
        ChannelsPlugin plugin = it.started(backend);
        NodeFixture.get(plugin.waitPublished("1", "order-1", "orders"));
        assertThat(plugin.subscribe("order-2")).isNotNull();
        assertThatThrownBy(() -> plugin.publish("1", "ordre-1"))
                .hasMessageContaining("CHANNELS0002")
                .hasMessageContaining("a family such as order-*");
        assertThatThrownBy(() -> plugin.publish("1", "order-"))
                .hasMessageContaining("CHANNELS0002");
        assertThatThrownBy(() -> plugin.publish("1", "order-/"))
                .hasMessageContaining("CHANNELS0003");
    }

    @Test
    void aStopThatIsInterruptedLosesNothingAndKeepsTheFlag() throws Exception {
        backend.onPublish = null;
        ChannelsNode node = it.started(backend);
        CompletionStage<Void> published = node.waitPublished("1", "a");
        await().atMost(Threads.PATIENCE).until(() -> !backend.calls("publish").isEmpty());
        Running<Boolean> stopping =
                Threads.call(
                        () -> {
                            Thread.currentThread().interrupt();
                            node.stop();
                            return Thread.currentThread().isInterrupted();
                        });
        stopping.awaitParked();
        stopping.thread().interrupt();
        stopping.awaitParked();
        backend.calls("publish").get(0).complete();
        NodeFixture.get(published);
        assertThat(stopping.get()).isTrue();
    }

    @Test
    void subscriberThatCannotBeMadeLeavesNothing() {
        it.settings.subscribers =
                backlog -> {
                    throw new IllegalStateException("constructor");
                };
        ChannelsPlugin plugin = it.started(backend);
        assertThatThrownBy(() -> plugin.subscribe("a")).hasMessage("constructor");
        assertThat(backend.calls()).isEmpty();
    }

    @Test
    void subclassThatThrowsIsCountedAndTheOthersAreServed() {
        it.settings.subscribers =
                backlog ->
                        new Subscriber(backlog) {
                            @Override
                            protected void offered(ChannelEvent event, OfferResult result) {
                                throw new IllegalStateException("offered");
                            }
                        };
        ChannelsPlugin plugin = it.started(backend);
        Subscriber one = plugin.subscribe("a");
        Subscriber two = plugin.subscribe("a");
        backend.deliver("a", 1, 2);
        assertThat(NodeFixture.rest(plugin, one)).containsExactly("1", "2");
        assertThat(NodeFixture.rest(plugin, two)).containsExactly("1", "2");
        assertThat(plugin.statistics().applicationFailures()).isEqualTo(4);
    }

    // ---- Unsubscribing

    @Test
    void streamEndsWithTheLastSubscription() {
        ChannelsPlugin plugin = it.started(backend);
        Subscriber subscriber = plugin.subscribe("a", "b");
        List<ChannelEvent> seen = new CopyOnWriteArrayList<>();
        subscriber.runInBackground((ChannelEvent event) -> seen.add(event));
        backend.deliver("a", 1, 1);
        plugin.unsubscribe(subscriber, "a", "c");
        backend.deliver("a", 2, 2);
        backend.deliver("b", 1, 1);
        assertThat(subscriber.isRunning()).isTrue();
        plugin.unsubscribe(subscriber, "b");
        await().atMost(Threads.PATIENCE).until(() -> !subscriber.isRunning());
        assertThat(seen).hasSize(2);
        assertThat(plugin.statistics().subscribers()).isZero();
        plugin.unsubscribe(subscriber, "b");
        plugin.unsubscribe(subscriber);
        assertThat(backend.calls())
                .containsExactlyInAnyOrder(
                        backend.calls().get(0), "unsubscribe [a]", "unsubscribe [b]");
    }

    @Test
    void stoppedSubscriberIsUnsubscribed() {
        ChannelsPlugin plugin = it.started(backend);
        plugin.subscribe("a").stop(false);
        plugin.subscribe("a").stop(true);
        plugin.subscribe("a").runInBackground((ChannelEvent e) -> {}).close();
        plugin.subscribe("a").runInBackground((ChannelEvent e) -> {}).cancel();
        assertThat(plugin.statistics().subscribers()).isZero();
        assertThat(backend.calls("unsubscribe")).hasSize(4);
    }

    @Test
    void foreignSubscriberIsLeftAsItIs() {
        ChannelsPlugin plugin = it.started(backend);
        ChannelsPlugin other = it.started(new MemoryBackend(0));
        Subscriber foreign = other.subscribe("a");
        plugin.unsubscribe(foreign);
        plugin.unsubscribe(foreign, "a");
        NodeFixture.publish(other, "a", "x");
        assertThat(NodeFixture.rest(other, foreign)).containsExactly("x");
    }

    @Test
    void closingASubscriptionUnsubscribes() {
        ChannelsPlugin plugin = it.started(backend);
        Subscription subscription = plugin.startSubscription("a");
        Subscriber subscriber = subscription.subscriber();
        assertThat(subscription.established().toCompletableFuture()).isCompleted();
        backend.deliver("a", 1, 1);
        subscription.close();
        subscription.close();
        backend.deliver("a", 2, 2);
        assertThat(NodeFixture.rest(subscriber)).containsExactly("1");
    }

    // ---- Senders

    @Test
    void startSubscriptionWithSenderDoesNotWait() throws Exception {
        backend.onSubscribe = null;
        ChannelsPlugin plugin = it.started(backend);
        RecordingSender sender = new RecordingSender((event, completion) -> completion.sent());
        Subscription subscription = plugin.startSubscription(List.of("a"), 5, sender);
        CompletableFuture<Void> established = subscription.established().toCompletableFuture();
        assertThat(established).isNotDone();
        backend.onHistory = channel -> slice(1, 4);
        // Live events of a channel that others keep subscribed may come before the history.
        backend.deliver("a", 3, 4);
        backend.take().complete();
        NodeFixture.get(established);
        await().atMost(Threads.PATIENCE).until(() -> sender.sent().size() == 4);
        assertThat(Events.offsets(sender.sent())).containsExactly(1L, 2L, 3L, 4L);
        assertThat(backend.historyCalls).containsExactly("a 5");
    }

    @Test
    void senderLearnsThatSubscribingFailed() {
        backend.onSubscribe =
                call -> CompletableFuture.failedFuture(new IllegalStateException("refused"));
        ChannelsPlugin plugin = it.started(backend);
        RecordingSender sender = new RecordingSender();
        Subscription subscription = plugin.startSubscription(List.of("a"), 0, sender);
        await().atMost(Threads.PATIENCE).until(() -> sender.ends().size() == 1);
        assertThat(sender.ends().get(0)).isInstanceOf(ChannelsException.class);
        assertThat(subscription.established().toCompletableFuture()).isCompletedExceptionally();
        assertThat(plugin.statistics().subscribers()).isZero();
    }

    @Test
    void senderThatFailsIsUnsubscribed() {
        ChannelsPlugin plugin = it.started(backend);
        RecordingSender sender =
                new RecordingSender(
                        (event, completion) -> {
                            throw new IOException("gone");
                        });
        plugin.startSubscription(List.of("a", "b"), 0, sender);
        backend.deliver("a", 1, 2);
        await().atMost(Threads.PATIENCE).until(() -> sender.ends().size() == 1);
        assertThat(plugin.statistics().subscribers()).isZero();
        assertThat(backend.calls("unsubscribe")).hasSize(1);
    }

    // ---- History

    @Test
    void historyIsPutInFrontOfTheBacklog() {
        ChannelsPlugin plugin = it.started(backend);
        Subscriber subscriber = plugin.subscribe("a", "b");
        backend.deliver("a", 5, 6);
        backend.onHistory = channel -> slice(3, 6);
        plugin.putSubscriberHistory(subscriber, List.of("a"), 4);
        plugin.putSubscriberHistory(subscriber, List.of("a"), 0);
        assertThat(backend.historyCalls).containsExactly("a 4");
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("3", "4", "5", "6");
    }

    @Test
    void historyIsOnlyForChannelsOfTheSubscriber() {
        ChannelsPlugin plugin = it.started(backend);
        Subscriber subscriber = plugin.subscribe("a");
        assertThat(
                        failure(() -> plugin.putSubscriberHistory(subscriber, List.of("a", "b"), 1))
                                .errorCode())
                .isEqualTo(ErrorCode.HISTORY_FAILED);
        plugin.unsubscribe(subscriber);
        assertThat(
                        failure(() -> plugin.putSubscriberHistory(subscriber, List.of("a"), 1))
                                .errorCode())
                .isEqualTo(ErrorCode.HISTORY_FAILED);
        assertThat(backend.historyCalls).isEmpty();
    }

    @Test
    void historyThatFailsIsReportedAndTheSubscriberStays() {
        ChannelsPlugin plugin = it.started(backend);
        Subscriber subscriber = plugin.subscribe("a");
        backend.deliver("a", 5, 5);
        List<String> wanted = List.of("a");
        backend.onHistory =
                channel -> CompletableFuture.failedFuture(new IllegalStateException("no"));
        ChannelsException failed =
                failure(() -> plugin.putSubscriberHistory(subscriber, wanted, 1));
        assertThat(failed.errorCode()).isEqualTo(ErrorCode.HISTORY_FAILED);
        assertThat(failed).hasRootCauseMessage("no");
        backend.onHistory =
                channel -> {
                    throw new IllegalStateException("thrown");
                };
        ChannelsException thrown =
                failure(() -> plugin.putSubscriberHistory(subscriber, wanted, 1));
        assertThat(thrown.errorCode()).isEqualTo(ErrorCode.HISTORY_FAILED);
        backend.onHistory = channel -> null;
        ChannelsException none = failure(() -> plugin.putSubscriberHistory(subscriber, wanted, 1));
        assertThat(none.errorCode()).isEqualTo(ErrorCode.HISTORY_FAILED);
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("5");
    }

    @Test
    void subscribeWhoseHistoryFailsLeavesNothing() {
        ChannelsPlugin plugin = it.started(backend);
        backend.onHistory =
                channel -> {
                    throw new IllegalStateException("no");
                };
        assertThat(failure(() -> plugin.subscribe(List.of("a"), 1)).errorCode())
                .isEqualTo(ErrorCode.HISTORY_FAILED);
        assertThat(plugin.statistics().subscribers()).isZero();
        assertThat(backend.calls()).containsExactly("subscribe [a]", "unsubscribe [a]");
    }

    @Test
    void backendWithoutHistoryHasNoneToGive() {
        backend.hasHistory = false;
        ChannelsPlugin plugin = it.started(backend);
        Subscriber subscriber = plugin.subscribe(List.of("a"), -1);
        plugin.putSubscriberHistory(subscriber, List.of("a"), 5);
        backend.deliver("a", 1, 1);
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("1");
    }

    // ---- Life

    @Test
    void backendThatCannotStartIsReported() {
        backend.started =
                CompletableFuture.failedFuture(new BrokerUnavailableException("away", null));
        ChannelsNode node = it.node(backend);
        assertThatThrownBy(() -> node.start().toCompletableFuture().join())
                .hasCauseInstanceOf(BrokerUnavailableException.class);
        node.stop();
        assertThat(backend.life).containsExactly("start", "stop");
    }

    @Test
    void aStopInterruptsTheCallbacksThatBlockAndNamesThem() {
        it.settings.shutdownTimeout = Duration.ofMillis(200);
        ChannelsNode node = it.started(backend);
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        node.subscribe("a")
                .runInBackground(
                        event -> {
                            begun.countDown();
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                interrupted.set(true);
                            }
                        });
        node.subscribe("b")
                .runInBackground(
                        event -> {
                            begun.countDown();
                            awaitWhateverComes(released);
                        });
        backend.deliver("a", 1, 1);
        backend.deliver("b", 1, 1);
        Threads.waitFor(begun);
        try (LogCapture log = new LogCapture()) {
            node.stop();
            assertThat(interrupted).isTrue();
            assertThat(log.messages("CHANNELS0020"))
                    .satisfiesExactly(
                            first ->
                                    assertThat(first)
                                            .contains("2 subscribers had not consumed")
                                            .contains("callback " + getClass().getName()),
                            second ->
                                    assertThat(second)
                                            .contains("1 of them go on in spite of the interrupt")
                                            .contains("callback " + getClass().getName()));
        } finally {
            released.countDown();
        }
        // The threads of the pool are as they were.
        Set<Boolean> flags = ConcurrentHashMap.newKeySet();
        CountDownLatch looked = new CountDownLatch(7);
        Runnable look =
                () -> {
                    flags.add(Thread.currentThread().isInterrupted());
                    looked.countDown();
                    Threads.waitFor(looked);
                };
        CompletableFuture<?>[] looks = new CompletableFuture<?>[7];
        Arrays.setAll(looks, i -> CompletableFuture.runAsync(look, it.executor));
        // The end of the test interrupts who still waits.
        NodeFixture.get(CompletableFuture.allOf(looks));
        assertThat(flags).containsExactly(false);
    }

    private static void awaitWhateverComes(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // Code that ignores interrupts.
            }
        }
    }

    @Test
    void startWaitsForTheStopUnderWay() throws Exception {
        ChannelsNode node = it.started(backend);
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        backend.stopped = stopped;
        Running<Void> stop = Threads.run(node::stop);
        await().atMost(Threads.PATIENCE).until(() -> backend.life.contains("stop"));
        CompletableFuture<Void> started = node.start().toCompletableFuture();
        assertThat(started).isNotDone();
        assertThat(backend.life).containsExactly("start", "stop");
        stopped.complete(null);
        stop.get();
        NodeFixture.get(started);
        assertThat(backend.life).containsExactly("start", "stop", "start");
        assertThat(node.subscribe("a").backlogSize()).isZero();
    }

    @Test
    void stopWaitsForTheStartOfTheBackend() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        backend.started = begun;
        ChannelsNode node = it.node(backend);
        node.start();
        Running<Void> stop = Threads.run(node::stop).awaitParked();
        assertThat(backend.life).containsExactly("start");
        begun.complete(null);
        stop.get();
        assertThat(backend.life).containsExactly("start", "stop");
    }

    @Test
    void subscribersOfAStoppedNodeLearnOfIt() {
        ChannelsNode node = it.started(backend);
        RecordingSender sender = new RecordingSender((event, completion) -> completion.sent());
        node.startSubscription(List.of("a"), 0, sender);
        backend.deliver("a", 1, 1);
        node.stop();
        assertThat(sender.calls()).endsWith("send 1", "flush", "ended");
        assertThat(node.statistics().subscribers()).isZero();
    }

    // ---- Listeners and statistics

    private static final class RecordingListener implements ChannelsListener {
        final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void disconnected(Throwable cause) {
            told.add("disconnected " + cause.getMessage());
        }

        @Override
        public void reconnected() {
            told.add("reconnected");
        }

        @Override
        public void gap(String channel) {
            told.add("gap " + channel);
        }
    }

    @Test
    void listenersAreToldInOrderAndNoneHarmsTheOthers() {
        ChannelsPlugin plugin = it.started(backend);
        RecordingListener first = new RecordingListener();
        RecordingListener last = new RecordingListener();
        plugin.addListener(first);
        plugin.addListener(
                new ChannelsListener() {
                    @Override
                    public void reconnected() {
                        throw new IllegalStateException("listener");
                    }
                });
        plugin.addListener(last);
        plugin.addListener(last);
        List<String> expected = new ArrayList<>();
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 50; i++) {
                backend.sink().disconnected(new IOException("no " + i));
                backend.sink().gap("a");
                backend.sink().connected();
                expected.addAll(List.of("disconnected no " + i, "gap a", "reconnected"));
            }
            await().atMost(Threads.PATIENCE).until(() -> last.told.size() >= expected.size());
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(log.messages("CHANNELS0018")).hasSize(1));
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(log.messages("CHANNELS0013")).hasSize(50));
        }
        assertThat(first.told).isEqualTo(expected);
        assertThat(last.told).isEqualTo(expected);
        assertThat(plugin.statistics().applicationFailures()).isEqualTo(50);
        plugin.removeListener(last);
        plugin.removeListener(last);
        backend.sink().gap("b");
        await().atMost(Threads.PATIENCE).until(() -> first.told.contains("gap b"));
        assertThat(last.told).doesNotContain("gap b");
    }

    @Test
    void returnOfTheBrokerBringsThePublishesThatWait() {
        ChannelsPlugin plugin = it.started(backend);
        backend.onPublish =
                call -> CompletableFuture.failedFuture(new BrokerUnavailableException("x", null));
        CompletionStage<Void> stage = plugin.waitPublished("x", "a");
        await().atMost(Threads.PATIENCE).until(() -> !backend.calls("publish").isEmpty());
        backend.onPublish = call -> CompletableFuture.completedFuture(null);
        backend.sink().connected();
        NodeFixture.get(stage);
    }

    @Test
    void statisticsCount() {
        it.settings.maxBacklog = 2;
        ChannelsPlugin plugin = it.started(backend);
        plugin.subscribe("a");
        Subscriber throwing = plugin.subscribe("b");
        throwing.runInBackground(
                (ChannelEvent event) -> {
                    throw new IllegalStateException("no");
                });
        NodeFixture.publish(plugin, "a", "1", "2");
        backend.onPublish = call -> CompletableFuture.failedFuture(new IOException("no"));
        CompletableFuture<Void> failed = plugin.waitPublished("x", "a").toCompletableFuture();
        assertThatThrownBy(failed::join).hasRootCauseMessage("no");
        backend.deliver("a", 1, 3);
        backend.deliver("a", 3, 3);
        backend.deliver("b", 1, 1);
        backend.sink().gap("a");
        await().atMost(Threads.PATIENCE).until(() -> plugin.statistics().skipped() == 1);
        ChannelsStatistics read = plugin.statistics();
        assertThat(
                        List.of(
                                read.published(),
                                read.publishFailures(),
                                read.received(),
                                read.duplicates(),
                                read.dropped(),
                                read.discarded(),
                                read.skipped(),
                                read.gaps(),
                                read.historyReads(),
                                read.applicationFailures()))
                .containsExactly(2L, 1L, 4L, 1L, 1L, 0L, 1L, 1L, 0L, 0L);
        assertThat(read.subscribers()).isEqualTo(2);
        assertThat(read.waitingPublishes()).isZero();
    }

    // ---- What every subclass can rely on

    @Test
    void subclassSeesEventsAndGaps() {
        List<String> seen = new ArrayList<>();
        class Watching extends Subscriber {
            Watching(Backlog backlog) {
                super(backlog);
            }

            @Override
            public OfferResult put(ChannelEvent event) {
                seen.add("put " + event.text());
                return super.put(event);
            }

            @Override
            protected void offered(ChannelEvent event, OfferResult result) {
                seen.add(result + " " + event.text());
            }

            @Override
            protected void dropped(ChannelEvent event) {
                seen.add("dropped " + event.text());
            }

            @Override
            public void gap(String channel) {
                seen.add("gap " + channel);
            }
        }
        it.settings.maxBacklog = 1;
        it.settings.subscribers = Watching::new;
        ChannelsPlugin plugin = it.started(backend);
        assertThat(plugin.subscribe("a")).isInstanceOf(Watching.class);
        backend.deliver("a", 1, 1);
        backend.sink().gap("a");
        backend.deliver("a", 3, 3);
        assertThat(seen)
                .containsExactly(
                        "put 1", "ACCEPTED 1", "gap a", "put 3", "dropped 3", "DROPPED_NEWEST 3");
    }

    @Test
    void aSubclassThatBlocksHoldsUpNobodyWhoGotTheEventBeforeIt() {
        CountDownLatch delivered = new CountDownLatch(1);
        List<Boolean> inTime = new ArrayList<>();
        class Blocking extends Subscriber {
            Blocking(Backlog backlog) {
                super(backlog);
            }

            @Override
            public OfferResult put(ChannelEvent event) {
                Threads.waitFor(delivered);
                inTime.add(true);
                return super.put(event);
            }
        }
        AtomicInteger made = new AtomicInteger();
        it.settings.subscribers =
                backlog ->
                        made.getAndIncrement() == 0
                                ? new Subscriber(backlog)
                                : new Blocking(backlog);
        ChannelsPlugin plugin = it.started(backend);
        plugin.subscribe("a").runInBackground(event -> delivered.countDown());
        plugin.subscribe("a");
        backend.deliver("a", 1, 1);
        assertThat(inTime).containsExactly(true);
    }
}
