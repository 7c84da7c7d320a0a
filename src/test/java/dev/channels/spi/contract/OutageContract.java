package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Publication;
import dev.channels.spi.contract.Promise.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A broker that goes away and comes back is no end of anything. */
interface OutageContract extends ContractTests {

    @Test
    default void anOutageIsReportedOnceAndPublishesFail() throws Exception {
        Outage outage = nodes().outage();
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        for (int times = 1; times <= 2; times++) {
            outage.begin();
            List<Publication> batch = node.batch(channel, List.of("a", "b"));
            Node.assertUnavailable(() -> node.backend.publish(batch));
            Node.assertUnavailable(() -> node.backend.publish(batch));
            awaitCount(times, node.sink::disconnections);
            assertThat(node.sink.connections()).isEqualTo(times - 1);
            outage.end();
            awaitCount(times, node.sink::connections);
            publishUntilAccepted(node, batch);
            node.settle();
            assertThat(node.sink.disconnections()).isEqualTo(times);
            assertThat(node.sink.connections()).isEqualTo(times);
        }
    }

    @Test
    default void aRepeatedBatchIsDelivered() throws Exception {
        Outage outage = nodes().outage();
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.publish(channel, "before");
        node.awaitEvents(channel, 1);
        outage.begin();
        List<Publication> batch = node.batch(channel, List.of("a", "b", "c"));
        Node.assertUnavailable(() -> node.backend.publish(batch));
        outage.end();
        awaitCount(1, node.sink::connections);
        publishUntilAccepted(node, batch);
        node.publish(channel, "after");
        assertDelivered(node, channel, List.of("before", "a", "b", "c", "after"));
    }

    @Test
    default void subscriptionsOutliveAnOutage() throws Exception {
        Outage outage = nodes().outage();
        Node node = nodes().start();
        List<String> channels = IntStream.range(0, 50).mapToObj(i -> nodes().channel()).toList();
        channels.forEach(node::subscribe);
        String left = nodes().channel();
        node.subscribe(left);
        node.unsubscribe(left);
        outage.begin();
        awaitCount(1, node.sink::disconnections);
        outage.end();
        awaitCount(1, node.sink::connections);
        channels.forEach(
                channel -> publishUntilAccepted(node, List.of(node.publication("x", channel))));
        publishUntilAccepted(node, List.of(node.publication("x", left)));
        for (String channel : channels) {
            assertThat(node.awaitTexts(channel, 1)).containsOnly("x");
        }
        node.settle();
        assertThat(node.sink.events(left)).isEmpty();
    }

    @Test
    default void subscribingAndUnsubscribingDuringAnOutageTakeEffectAfterIt() throws Exception {
        Outage outage = nodes().outage();
        Node node = nodes().start();
        String wanted = nodes().channel();
        String left = nodes().channel();
        node.subscribe(left);
        outage.begin();
        awaitCount(1, node.sink::disconnections);
        var subscribed = node.backend.subscribe(Set.of(wanted));
        var unsubscribed = node.backend.unsubscribe(Set.of(left));
        outage.end();
        awaitCount(1, node.sink::connections);
        Node.get(() -> subscribed);
        Node.get(() -> unsubscribed);
        publishUntilAccepted(node, List.of(node.publication("x", wanted, left)));
        assertThat(node.awaitTexts(wanted, 1)).containsOnly("x");
        node.settle();
        assertThat(node.sink.events(left)).isEmpty();
    }

    @Test
    default void whatWasAcceptedSurvivesAnOutageInTheMidst() throws Exception {
        Outage outage = nodes().outage();
        Node publisher = nodes().start();
        Node receiver = nodes().sharesBroker() ? nodes().start() : publisher;
        String channel = nodes().channel();
        receiver.subscribe(channel);
        List<String> texts = new ArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        var publishing =
                CompletableFuture.runAsync(
                        () -> {
                            while (!enough.get()) {
                                List<String> next =
                                        IntStream.range(texts.size(), texts.size() + 3)
                                                .mapToObj(Integer::toString)
                                                .toList();
                                publishUntilAccepted(publisher, publisher.batch(channel, next));
                                texts.addAll(next);
                                awaitNearly(receiver, channel, texts.size());
                            }
                        });
        receiver.awaitEvents(channel, 30);
        outage.begin();
        awaitCount(1, receiver.sink::disconnections);
        awaitCount(1, publisher.sink::disconnections);
        outage.end();
        awaitCount(1, receiver.sink::connections);
        awaitCount(1, publisher.sink::connections);
        enough.set(true);
        publishing.join();
        publishUntilAccepted(publisher, publisher.batch(channel, List.of("end")));
        texts.add("end");
        await("the last event")
                .atMost(Node.PATIENCE)
                .until(() -> RecordingSink.texts(receiver.sink.events(channel)).contains("end"));
        if (nodes().promise().delivery() == Delivery.AT_MOST_ONCE) {
            assertThat(texts).containsSubsequence(distinct(receiver, channel));
        } else {
            assertThat(receiver.sink.gaps()).as("gaps").isZero();
            assertDelivered(receiver, channel, texts);
        }
    }

    @Test
    default void historyFailsDuringAnOutageAndIsThereAfterIt() throws Exception {
        nodes().assumeHistory();
        Outage outage = nodes().outage();
        Node node = nodes().start();
        String channel = nodes().channel();
        node.publish(channel, "1", "2");
        var position = node.last(channel, 2).events().get(0).position();
        outage.begin();
        Node.assertUnavailable(() -> node.history().last(channel, -1));
        Node.assertUnavailable(() -> node.history().after(channel, position, -1));
        awaitCount(1, node.sink::disconnections);
        outage.end();
        awaitCount(1, node.sink::connections);
        assertThat(RecordingSink.texts(node.after(channel, position, -1))).containsExactly("2");
    }

    @Test
    default void stopsDuringAnOutage() throws Exception {
        Outage outage = nodes().outage();
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        outage.begin();
        var pending = node.backend.publish(node.batch(channel, List.of("lost")));
        var subscribing = node.backend.subscribe(Set.of(nodes().channel()));
        node.stop();
        int calls = node.sink.calls();
        for (var stage : List.of(pending, subscribing)) {
            stage.toCompletableFuture()
                    .handle((done, failure) -> null)
                    .get(Node.BOUND.toSeconds(), TimeUnit.SECONDS);
        }
        outage.end();
        RecordingSink second = new RecordingSink();
        node.startWith(second);
        node.subscribe(channel);
        node.publish(channel, "found");
        assertThat(second.awaitTexts(channel, 1)).containsExactly("found");
        assertThat(node.sink.calls()).as("calls of the first sink").isEqualTo(calls);
    }

    @Test
    default void aStartDuringAnOutageFailsAndGoesOnTrying() throws Exception {
        Outage outage = nodes().outage();
        Node node = nodes().make();
        outage.begin();
        Node.assertUnavailable(() -> node.backend.start(node.sink));
        assertThat(node.sink.connections()).isZero();
        outage.end();
        awaitCount(1, node.sink::connections);
        node.settle();
        assertThat(node.sink.connections()).isEqualTo(1);
    }

    @Test
    default void aFailedStartCanBeStopped() throws Exception {
        Outage outage = nodes().outage();
        Node node = nodes().make();
        outage.begin();
        Node.assertUnavailable(() -> node.backend.start(node.sink));
        node.stop();
        int calls = node.sink.calls();
        outage.end();
        RecordingSink second = new RecordingSink();
        node.startWith(second);
        node.subscribe(nodes().channel());
        assertThat(node.sink.calls()).isEqualTo(calls);
    }

    /** Keeps the publisher from outrunning what the history holds for a receiver that was away. */
    private void awaitNearly(Node receiver, String channel, int published) {
        if (nodes().promise().delivery() != Delivery.AT_MOST_ONCE) {
            awaitCount(published - 300, () -> receiver.sink.count(channel));
        }
    }

    private void assertDelivered(Node node, String channel, List<String> texts) {
        node.awaitEvents(channel, texts.size());
        node.settle();
        if (nodes().promise().delivery() == Delivery.ONCE) {
            assertThat(RecordingSink.texts(node.sink.events(channel))).isEqualTo(texts);
        } else {
            assertThat(distinct(node, channel)).containsExactlyElementsOf(texts);
        }
    }

    /** Returns the texts in the order of their first coming. */
    private static List<String> distinct(Node node, String channel) {
        return List.copyOf(new LinkedHashSet<>(RecordingSink.texts(node.sink.events(channel))));
    }

    /** Publishes as the plugin does: the same batch, until the broker is there. */
    static void publishUntilAccepted(Node node, List<Publication> batch) {
        await("the batch to be accepted")
                .atMost(Node.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> isAccepted(node, batch));
    }

    private static boolean isAccepted(Node node, List<Publication> batch) throws Exception {
        try {
            node.backend
                    .publish(batch)
                    .toCompletableFuture()
                    .get(Node.BOUND.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(BrokerUnavailableException.class);
            return false;
        }
    }

    private static void awaitCount(int count, IntSupplier counter) {
        await().atMost(Node.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> counter.getAsInt() >= count);
    }
}
