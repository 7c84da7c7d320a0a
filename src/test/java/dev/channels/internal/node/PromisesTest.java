package dev.channels.internal.node;

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
import dev.channels.OfferResult;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.spi.BackendSink;
import dev.channels.test.Events;
import dev.channels.test.LogCapture;
import dev.channels.test.RecordingSender;
import dev.channels.test.ScriptedBackend;
import dev.channels.test.ScriptedBackend.Call;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the plugin promises, one promise after another. */
class PromisesTest {

    @RegisterExtension final NodeFixture it = new NodeFixture();

    private static void assertCode(Runnable call, ErrorCode code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ChannelsException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
    }

    // ---- A failed publish is reported (its stage, a log line, a counter) and the next ones go on

    @Test
    void failedPublishIsReportedAndTheNextOnesGoOn() {
        ScriptedBackend backend = new ScriptedBackend().willing();
        ChannelsPlugin plugin = it.started(backend);
        backend.onPublish =
                call -> CompletableFuture.failedFuture(new IllegalStateException("refused"));
        try (LogCapture log = new LogCapture()) {
            CompletableFuture<Void> failed = plugin.waitPublished("1", "a").toCompletableFuture();
            assertThatThrownBy(failed::join)
                    .cause()
                    .isInstanceOf(ChannelsException.class)
                    .hasMessageContaining("CHANNELS0008")
                    .hasRootCauseMessage("refused");
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(log.messages("CHANNELS0008")).hasSize(1));
        }
        assertThat(plugin.statistics().publishFailures()).isEqualTo(1);
        backend.onPublish = call -> CompletableFuture.completedFuture(null);
        NodeFixture.publish(plugin, "a", "2");
        assertThat(plugin.statistics().published()).isEqualTo(1);
    }

    // ---- Publishing or subscribing to an undeclared channel throws

    @Test
    void undeclaredChannelIsRefusedEverywhere() {
        ScriptedBackend backend = new ScriptedBackend().willing();
        ChannelsPlugin plugin = it.started(backend);
        Subscriber subscriber = plugin.subscribe("a");
        List<String> both = List.of("a", "undeclared");
        ErrorCode code = ErrorCode.UNDECLARED_CHANNEL;
        assertCode(() -> plugin.publish("x", both), code);
        assertCode(() -> plugin.publish("x", "undeclared"), code);
        assertCode(() -> plugin.waitPublished("x", both), code);
        assertCode(() -> plugin.subscribe(both), code);
        assertCode(() -> plugin.startSubscription(both), code);
        assertCode(() -> plugin.startSubscription(both, 0, new RecordingSender()), code);
        assertCode(() -> plugin.unsubscribe(subscriber, both), code);
        assertCode(() -> plugin.putSubscriberHistory(subscriber, both, 1), code);
        assertThatThrownBy(() -> plugin.publish("x", both))
                .hasMessageContaining("'undeclared'")
                .hasMessageContaining("channels.names")
                .hasMessageContaining("channels.arbitrary-channels-allowed");
        // Nothing was done: not for the declared one either.
        assertThat(backend.calls()).containsExactly("subscribe [a]");
        assertThat(plugin.statistics().subscribers()).isEqualTo(1);
    }

    @Test
    void channelOfAUserNeedsNoDeclarationAndKeepsTheRuleForNames() {
        ScriptedBackend backend = new ScriptedBackend().willing();
        ChannelsPlugin plugin = it.started(backend);
        plugin.subscribe("#alice");
        plugin.publishToUser("x", "alice");
        await().untilAsserted(() -> assertThat(backend.calls()).contains("subscribe [#alice]"));
        for (String user : List.of("", "a/b", "a\nb", "x".repeat(200))) {
            assertCode(() -> plugin.publishToUser("x", user), ErrorCode.INVALID_CHANNEL_NAME);
        }
    }

    @Test
    void arbitraryChannelsAreTakenWhereTheyAreAllowed() {
        it.settings.arbitraryChannelsAllowed = true;
        ChannelsPlugin plugin = it.started(new MemoryBackend(0));
        Subscriber subscriber = plugin.subscribe("any name?");
        NodeFixture.publish(plugin, "any name?", "x");
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("x");
        assertCode(() -> plugin.publish("x", "a/b"), ErrorCode.INVALID_CHANNEL_NAME);
    }

    // ---- unsubscribe and stopping always end, also with a full backlog and no consumer

    @ParameterizedTest
    @EnumSource(names = {"BACKOFF", "DROPLEFT"})
    void unsubscribeAndStopEndWithFullBacklogAndNoConsumer(BacklogStrategy strategy) {
        it.settings.maxBacklog = 2;
        it.settings.strategy = strategy;
        ChannelsNode plugin = it.started(new MemoryBackend(0));
        Subscriber unsubscribed = plugin.subscribe("a");
        Subscriber stopped = plugin.subscribe("a");
        Subscriber left = plugin.subscribe("a");
        NodeFixture.publish(plugin, "a", "1", "2", "3", "4");
        plugin.unsubscribe(unsubscribed);
        stopped.stop(true);
        plugin.stop();
        List<String> expected =
                strategy == BacklogStrategy.BACKOFF ? List.of("1", "2") : List.of("3", "4");
        for (Subscriber subscriber : List.of(unsubscribed, stopped, left)) {
            assertThat(NodeFixture.rest(subscriber)).isEqualTo(expected);
        }
    }

    // ---- stop(join) waits for the backlog as it stands, evicted events included

    @Test
    void stopWaitsForTheBacklogAsItStandsAfterEvictions() throws Exception {
        it.settings.maxBacklog = 2;
        it.settings.strategy = BacklogStrategy.DROPLEFT;
        ChannelsPlugin plugin = it.started(new MemoryBackend(0));
        Subscriber subscriber = plugin.subscribe("a");
        List<String> seen = new ArrayList<>();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        subscriber.runInBackground(
                (ChannelEvent event) -> {
                    seen.add(event.text());
                    first.countDown();
                    Threads.waitFor(go);
                });
        NodeFixture.publish(plugin, "a", "1");
        Threads.waitFor(first);
        NodeFixture.publish(plugin, "a", "2", "3", "4", "5");
        Running<Void> stop = Threads.run(() -> subscriber.stop(true)).awaitParked();
        assertThat(stop.isDone()).isFalse();
        go.countDown();
        stop.get();
        assertThat(seen).containsExactly("1", "4", "5");
        assertThat(subscriber.isRunning()).isFalse();
        assertThat(subscriber.droppedCount()).isEqualTo(2);
    }

    // ---- History joins live events with no hole and no duplicate

    @Test
    void historyJoinsLiveEventsWithoutHoleOrDuplicate() throws Exception {
        int count = 3_000;
        ChannelsPlugin plugin = it.started(new MemoryBackend(count));
        List<Subscriber> passive = new ArrayList<>();
        List<RecordingOffsets> running = new ArrayList<>();
        Running<Void> publisher =
                Threads.run(
                        () -> {
                            for (int i = 1; i <= count; i++) {
                                plugin.publish("x", "a");
                                if (i % 100 == 0) {
                                    NodeFixture.get(plugin.waitPublished("x", "b"));
                                }
                            }
                        });
        while (!publisher.isDone() && passive.size() < 30) {
            passive.add(plugin.subscribe(List.of("a", "b"), -1));
            RecordingOffsets sender = new RecordingOffsets();
            plugin.startSubscription(List.of("a"), -1, sender);
            running.add(sender);
        }
        publisher.get();
        NodeFixture.get(plugin.waitPublished("last", "a"));
        assertThat(passive).isNotEmpty();
        for (Subscriber subscriber : passive) {
            plugin.unsubscribe(subscriber);
            List<Long> offsets = new ArrayList<>();
            for (ChannelEvent event : subscriber.iterEvents()) {
                if (event.channel().equals("a")) {
                    offsets.add(event.position().offset());
                }
            }
            assertContiguous(offsets, count + 1);
        }
        for (RecordingOffsets sender : running) {
            await().atMost(Threads.PATIENCE).until(() -> sender.size() >= count + 1);
            assertContiguous(sender.all(), count + 1);
        }
    }

    private static void assertContiguous(List<Long> offsets, int count) {
        assertThat(offsets).hasSize(count);
        long first = offsets.get(0);
        for (int i = 0; i < count; i++) {
            assertThat(offsets.get(i)).isEqualTo(first + i);
        }
    }

    private static final class RecordingOffsets implements dev.channels.EventSender {
        private final List<Long> offsets = new ArrayList<>();

        @Override
        public void send(Delivery delivery, Completion completion) {
            if (!(delivery instanceof ChannelEvent event)) {
                completion.sent();
                return;
            }
            synchronized (offsets) {
                offsets.add(event.position().offset());
            }
            completion.sent();
        }

        int size() {
            synchronized (offsets) {
                return offsets.size();
            }
        }

        List<Long> all() {
            synchronized (offsets) {
                return List.copyOf(offsets);
            }
        }
    }

    @Test
    void historyOfSoManyEvents() {
        ChannelsPlugin plugin = it.started(new MemoryBackend(10));
        NodeFixture.publish(plugin, "a", "1", "2");
        for (int history : new int[] {-1, 0, 1, 2, 3}) {
            Subscriber subscriber = plugin.subscribe(List.of("a"), history);
            List<String> expected =
                    switch (history) {
                        case 0 -> List.of();
                        case 1 -> List.of("2");
                        default -> List.of("1", "2");
                    };
            assertThat(NodeFixture.rest(plugin, subscriber)).isEqualTo(expected);
        }
    }

    // ---- History larger than the backlog limit

    @Test
    void historyLargerThanTheLimitReachesARunningSubscriber() {
        it.settings.maxBacklog = 2;
        ChannelsPlugin plugin = it.started(new MemoryBackend(100));
        NodeFixture.publish(
                plugin,
                "a",
                IntStream.rangeClosed(1, 50).mapToObj(String::valueOf).toArray(String[]::new));
        RecordingSender sender = new RecordingSender((event, completion) -> completion.sent());
        Subscription subscription = plugin.startSubscription(List.of("a"), -1, sender);
        NodeFixture.get(subscription.established());
        await().atMost(Threads.PATIENCE).until(() -> sender.sent().size() == 50);

        Subscriber subscriber = plugin.subscribe("a");
        List<ChannelEvent> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        subscriber.runInBackground((ChannelEvent event) -> seen.add(event));
        plugin.putSubscriberHistory(subscriber, List.of("a"), 40);
        await().atMost(Threads.PATIENCE).until(() -> seen.size() == 40);
        assertThat(Events.texts(seen)).startsWith("11").endsWith("50");
    }

    @Test
    void historyThatCouldNeverFitIsRefused() {
        it.settings.maxBacklog = 2;
        ChannelsPlugin plugin = it.started(new MemoryBackend(100));
        NodeFixture.publish(plugin, "a", "1", "2", "3");
        assertCode(() -> plugin.subscribe(List.of("a"), 3), ErrorCode.HISTORY_TOO_LARGE);
        assertThat(plugin.statistics().subscribers()).isZero();
        Subscriber subscriber = plugin.subscribe(List.of("a"), 2);
        assertCode(
                () -> plugin.putSubscriberHistory(subscriber, List.of("a"), 3),
                ErrorCode.HISTORY_TOO_LARGE);
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("2", "3");
    }

    // ---- History lives as long as its retention says, with or without subscribers

    @Test
    void historyOutlivesItsSubscribers() {
        ChannelsPlugin plugin = it.started(new MemoryBackend(2));
        NodeFixture.publish(plugin, "a", "1");
        Subscriber subscriber = plugin.subscribe("a");
        NodeFixture.publish(plugin, "a", "2");
        plugin.unsubscribe(subscriber);
        NodeFixture.publish(plugin, "a", "3");
        assertThat(NodeFixture.rest(plugin, plugin.subscribe(List.of("a"), -1)))
                .containsExactly("2", "3");
    }

    // ---- A new node starts at now

    @Test
    void subscriberWithoutHistoryStartsNow() {
        ChannelsPlugin plugin = it.started(new MemoryBackend(100));
        NodeFixture.publish(plugin, "a", "old");
        Subscriber subscriber = plugin.subscribe("a");
        NodeFixture.publish(plugin, "a", "new");
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("new");
    }

    // ---- Channel names are exact

    @Test
    void channelNamesAreExact() {
        it.settings.arbitraryChannelsAllowed = true;
        ChannelsPlugin plugin = it.started(new MemoryBackend(10));
        List<String> names = List.of("name", "Name", "NAME", " name", "name ", "námé", "name.x");
        List<Subscriber> subscribers = names.stream().map(plugin::subscribe).toList();
        names.forEach(name -> NodeFixture.publish(plugin, name, "to " + name));
        for (int i = 0; i < names.size(); i++) {
            assertThat(NodeFixture.rest(plugin, subscribers.get(i)))
                    .containsExactly("to " + names.get(i));
        }
    }

    @Test
    void twoApplicationsDoNotHearEachOther() {
        ChannelsPlugin one = it.started(new MemoryBackend(10));
        ChannelsPlugin two = it.started(new MemoryBackend(10));
        Subscriber subscriber = two.subscribe("a");
        NodeFixture.publish(one, "a", "x");
        assertThat(NodeFixture.rest(two, subscriber)).isEmpty();
        assertThat(NodeFixture.rest(two, two.subscribe(List.of("a"), -1))).isEmpty();
    }

    // ---- Payloads are bytes

    @Test
    void payloadsAreBytesOfAnyContentAndSize() {
        ChannelsPlugin plugin = it.started(new MemoryBackend(0));
        Subscriber subscriber = plugin.subscribe("a");
        byte[] binary = {0, -1, (byte) 0xc3, (byte) 0x28};
        byte[] large = new byte[3_000_000];
        plugin.publish(binary, "a");
        plugin.publish(new byte[0], "a");
        NodeFixture.get(plugin.waitPublished(large, "a"));
        plugin.unsubscribe(subscriber);
        List<ChannelEvent> events = new ArrayList<>();
        subscriber.iterEvents().forEach(events::add);
        assertThat(events.get(0).data()).isEqualTo(binary);
        assertCode(events.get(0)::text, ErrorCode.NOT_TEXT);
        assertThat(events.get(1).data()).isEmpty();
        assertThat(events.get(2).data()).isEqualTo(large);
    }

    // ---- Every dropped event is seen

    @Test
    void everyDroppedEventIsSeen() {
        it.settings.maxBacklog = 2;
        List<OfferResult> results = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        it.settings.subscribers =
                backlog ->
                        new Subscriber(backlog) {
                            @Override
                            protected void offered(ChannelEvent event, OfferResult result) {
                                results.add(result);
                            }

                            @Override
                            protected void dropped(ChannelEvent event) {
                                dropped.add(event.text());
                            }
                        };
        ChannelsPlugin plugin = it.started(new MemoryBackend(0));
        Subscriber subscriber = plugin.subscribe("a");
        try (LogCapture log = new LogCapture()) {
            NodeFixture.publish(plugin, "a", "1", "2", "3", "4");
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(log.messages("CHANNELS0015")).hasSize(1));
        }
        assertThat(results)
                .containsExactly(
                        OfferResult.ACCEPTED,
                        OfferResult.ACCEPTED,
                        OfferResult.DROPPED_NEWEST,
                        OfferResult.DROPPED_NEWEST);
        assertThat(dropped).containsExactly("3", "4");
        assertThat(subscriber.droppedCount()).isEqualTo(2);
        assertThat(plugin.statistics().dropped()).isEqualTo(2);
        assertThat(subscriber.put(Events.event("a", 99))).isEqualTo(OfferResult.DROPPED_NEWEST);
    }

    // ---- Subscribing while the last subscriber leaves never loses the subscription

    @Test
    void subscribingWhileTheLastSubscriberLeavesLosesNothing() throws Exception {
        ScriptedBackend backend = new ScriptedBackend().willing();
        ChannelsPlugin plugin = it.started(backend);
        Subscriber last = plugin.subscribe("a");
        backend.onUnsubscribe = null;
        plugin.unsubscribe(last);
        Call unsubscribe = backend.take();
        Running<Subscriber> coming = Threads.call(() -> plugin.subscribe("a")).awaitParked();
        assertThat(backend.calls()).containsExactly("subscribe [a]", "unsubscribe [a]");
        unsubscribe.complete();
        Subscriber subscriber = coming.get();
        assertThat(backend.calls()).last().isEqualTo("subscribe [a]");
        backend.deliver("a", 1, 1);
        backend.onUnsubscribe = call -> CompletableFuture.completedFuture(null);
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("1");
    }

    // ---- Start, stop, start again works; stop twice is harmless; stop waits, with a bound

    @Test
    void startStopStartWorks() {
        ChannelsNode node = it.started(new MemoryBackend(10));
        NodeFixture.get(node.start());
        Subscriber first = node.subscribe("a");
        NodeFixture.publish(node, "a", "1");
        node.stop();
        node.stop();
        assertThat(NodeFixture.rest(first)).containsExactly("1");
        assertCode(() -> node.publish("x", "a"), ErrorCode.NOT_RUNNING);
        assertCode(() -> node.subscribe("a"), ErrorCode.NOT_RUNNING);
        NodeFixture.get(node.start());
        Subscriber second = node.subscribe("a");
        NodeFixture.publish(node, "a", "2");
        assertThat(NodeFixture.rest(node, second)).containsExactly("2");
        assertThat(first.put(Events.event("a", 9))).isEqualTo(OfferResult.CLOSED);
    }

    @Test
    void stopBeforeStartIsHarmless() {
        ScriptedBackend backend = new ScriptedBackend();
        it.node(backend).stop();
        assertThat(backend.life).isEmpty();
    }

    @Test
    void stopWaitsForAcceptedPublishes() throws Exception {
        ScriptedBackend backend = new ScriptedBackend().willingToSubscribe();
        ChannelsNode node = it.started(backend);
        Subscriber subscriber = node.subscribe("a");
        List<String> seen = new ArrayList<>();
        subscriber.runInBackground((ChannelEvent event) -> seen.add(event.text()));
        CompletableFuture<Void> promise = node.waitPublished("x", "a").toCompletableFuture();
        Call call = backend.take();
        Running<Void> stop = Threads.run(node::stop).awaitParked();
        assertCode(() -> node.publish("y", "a"), ErrorCode.NOT_RUNNING);
        assertThat(stop.isDone()).isFalse();
        backend.deliver("a", 1, 1);
        call.complete();
        stop.get();
        NodeFixture.get(promise);
        assertThat(seen).containsExactly("1");
        assertThat(subscriber.isRunning()).isFalse();
        assertThat(backend.life).containsExactly("start", "stop");
    }

    @Test
    void stopGivesUpOnAStuckBrokerAfterItsBound() throws Exception {
        it.settings.shutdownTimeout = Duration.ofMillis(200);
        ScriptedBackend backend = new ScriptedBackend().willingToSubscribe();
        ChannelsNode node = it.started(backend);
        CompletableFuture<Void> promise = node.waitPublished("x", "a").toCompletableFuture();
        backend.take();
        backend.stopped = new CompletableFuture<>();
        try (LogCapture log = new LogCapture()) {
            Threads.run(node::stop).get();
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(log.messages("CHANNELS0008")).hasSize(1));
            assertThat(log.messages("CHANNELS0020")).hasSize(1);
        }
        assertThatThrownBy(promise::join)
                .cause()
                .isInstanceOf(ChannelsException.class)
                .hasMessageContaining("CHANNELS0020");
    }

    @Test
    void stopGivesUpOnAStuckConsumerAfterItsBound() throws Exception {
        it.settings.shutdownTimeout = Duration.ofSeconds(2);
        ChannelsNode node = it.started(new MemoryBackend(0));
        RecordingSender stuck = new RecordingSender();
        node.startSubscription(List.of("a"), 0, stuck);
        CountDownLatch consumed = new CountDownLatch(2);
        BackgroundTask good =
                node.subscribe("a").runInBackground((ChannelEvent e) -> consumed.countDown());
        NodeFixture.publish(node, "a", "1", "2");
        Threads.waitFor(consumed);
        try (LogCapture log = new LogCapture()) {
            Threads.run(node::stop).get();
            assertThat(log.messages("CHANNELS0020"))
                    .singleElement()
                    .asString()
                    .contains("1 subscribers", "channels.shutdown-timeout");
        }
        NodeFixture.get(good.completion());
        await().atMost(Threads.PATIENCE).until(() -> stuck.ends().size() == 1);
        assertThat(stuck.sent()).hasSize(1);
    }

    @Test
    void lateCallsOfAnEarlierLifeAreIgnored() {
        ScriptedBackend backend = new ScriptedBackend().willing();
        ChannelsNode node = it.started(backend);
        BackendSink old = backend.sink();
        node.stop();
        NodeFixture.get(node.start());
        Subscriber subscriber = node.subscribe("a");
        List<String> told = new ArrayList<>();
        node.addListener(
                new dev.channels.ChannelsListener() {
                    @Override
                    public void gap(String channel) {
                        told.add(channel);
                    }
                });
        old.deliver(Events.event("a", 1));
        old.gap("a");
        old.disconnected(null);
        old.connected();
        backend.deliver("a", 2, 2);
        assertThat(NodeFixture.rest(node, subscriber)).containsExactly("2");
        assertThat(told).isEmpty();
    }
}
