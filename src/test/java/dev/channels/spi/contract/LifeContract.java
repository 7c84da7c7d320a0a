package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A backend starts and stops, again and again. */
interface LifeContract extends ContractTests {

    @Test
    default void stoppingWithoutAStartIsHarmless() throws Exception {
        Node node = nodes().make();
        node.stop();
        node.start();
        node.settle();
    }

    @Test
    default void stoppingTwiceIsHarmless() throws Exception {
        Node node = nodes().start();
        node.stop();
        node.stop();
        node.start();
        node.settle();
    }

    @Test
    default void stopsRightAfterAStart() throws Exception {
        Node node = nodes().make();
        // A start that is interrupted is followed by a stop.
        CompletableFuture<Void> started = node.backend.start(node.sink).toCompletableFuture();
        node.stop();
        int calls = node.sink.calls();
        started.handle((done, failure) -> null).get(Node.BOUND.toSeconds(), TimeUnit.SECONDS);
        RecordingSink second = new RecordingSink();
        String channel = nodes().channel();
        node.startWith(second);
        node.subscribe(channel);
        node.publish(channel, "later");
        assertThat(second.awaitTexts(channel, 1)).containsExactly("later");
        assertThat(node.sink.calls()).isEqualTo(calls);
    }

    @Test
    default void startsAgain() throws Exception {
        Node node = nodes().make();
        String channel = nodes().channel();
        for (int round = 1; round <= 3; round++) {
            node.start();
            node.subscribe(channel);
            node.publish(channel, "round " + round);
            assertThat(node.awaitTexts(channel, round)).last().isEqualTo("round " + round);
            node.stop();
        }
        assertThat(node.sink.events(channel)).hasSize(3);
    }

    @Test
    default void aNewStartHasNoSubscriptions() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.stop();
        node.start();
        node.publish(channel, "x");
        node.settle();
        assertThat(node.sink.events(channel)).isEmpty();
    }

    @Test
    default void aNewStartServesTheNewSinkAlone() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.publish(channel, "old");
        node.awaitEvents(channel, 1);
        node.stop();
        int calls = node.sink.calls();
        RecordingSink second = new RecordingSink();
        node.startWith(second);
        node.subscribe(channel);
        node.publish(channel, "new");
        assertThat(second.awaitTexts(channel, 1)).containsExactly("new");
        assertThat(node.sink.calls()).isEqualTo(calls);
    }

    @Test
    default void stoppingDuringAPublishEndsDeliveryAndStage() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        var stage = node.backend.publish(node.batch(channel, DeliveryContract.numbers(1_000)));
        node.stop();
        int calls = node.sink.calls();
        stage.toCompletableFuture()
                .handle((done, failure) -> null)
                .get(Node.BOUND.toSeconds(), TimeUnit.SECONDS);
        node.startWith(new RecordingSink());
        node.publish(channel, "later");
        assertThat(node.sink.calls()).isEqualTo(calls);
    }

    @Test
    default void stoppingEndsDeliveryWhileOthersPublish() throws Exception {
        Node stopping = nodes().start();
        Node publisher = nodes().startAnother();
        String channel = nodes().channel();
        stopping.subscribe(channel);
        publisher.subscribe(channel);
        List<String> texts = DeliveryContract.numbers(300);
        var publishing =
                CompletableFuture.runAsync(() -> texts.forEach(t -> publisher.publish(channel, t)));
        stopping.awaitEvents(channel, 50);
        stopping.stop();
        int calls = stopping.sink.calls();
        publishing.join();
        publisher.awaitEvents(channel, texts.size());
        publisher.settle();
        assertThat(stopping.sink.calls()).isEqualTo(calls);
    }

    @Test
    default void saysAlwaysTheSameOfItsHistory() throws Exception {
        Node node = nodes().start();
        assertThat(node.backend.history().isPresent()).isEqualTo(nodes().promise().keepsHistory());
        node.backend.history().ifPresent(h -> assertThat(node.history()).isSameAs(h));
    }
}
