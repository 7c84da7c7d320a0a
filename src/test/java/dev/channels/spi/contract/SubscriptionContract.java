package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.Publication;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A subscription begins and ends when its stage says so. */
interface SubscriptionContract extends ContractTests {

    @Test
    default void deliversNothingFromBeforeTheSubscription() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.publish(channel, "before");
        node.subscribe(channel);
        node.publish(channel, "after");
        assertThat(node.awaitTexts(channel, 1)).containsExactly("after");
    }

    @Test
    default void deliversNothingOfOtherChannels() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        String other = nodes().channel();
        node.subscribe(channel);
        node.publish(other, "x");
        node.settle();
        assertThat(node.sink.events(other)).isEmpty();
        assertThat(node.sink.events(channel)).isEmpty();
    }

    @Test
    default void deliversNothingAfterTheUnsubscription() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.publish(channel, "before");
        node.awaitEvents(channel, 1);
        node.unsubscribe(channel);
        node.publish(channel, "after");
        node.settle();
        assertThat(RecordingSink.texts(node.sink.events(channel))).containsExactly("before");
    }

    @Test
    default void unsubscribingLeavesOtherChannelsAlone() throws Exception {
        Node node = nodes().start();
        String left = nodes().channel();
        String kept = nodes().channel();
        node.subscribe(left, kept);
        node.unsubscribe(left);
        node.publish(List.of(node.publication("x", left, kept)));
        assertThat(node.awaitTexts(kept, 1)).containsExactly("x");
        node.settle();
        assertThat(node.sink.events(left)).isEmpty();
    }

    @Test
    default void aNewSubscriptionOfAChannelStartsAtNow() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        for (int round = 0; round < 10; round++) {
            node.subscribe(channel);
            node.publish(channel, "in " + round);
            node.awaitEvents(channel, round + 1);
            node.unsubscribe(channel);
            node.publish(channel, "out " + round);
            node.settle();
        }
        assertThat(RecordingSink.texts(node.sink.events(channel)))
                .isEqualTo(IntStream.range(0, 10).mapToObj(round -> "in " + round).toList());
    }

    @Test
    default void subscribesToManyChannelsAtOnce() throws Exception {
        Node node = nodes().start();
        Set<String> channels =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> nodes().channel())
                        .collect(Collectors.toUnmodifiableSet());
        node.subscribe(channels);
        List<Publication> batch =
                channels.stream().map(channel -> node.publication(channel, channel)).toList();
        node.publish(batch);
        for (String channel : channels) {
            assertThat(node.awaitTexts(channel, 1)).containsExactly(channel);
        }
        node.unsubscribe(channels);
        node.publish(batch.stream().map(p -> node.publication(p.payload(), p.channels())).toList());
        node.settle();
        assertThat(channels).allSatisfy(c -> assertThat(node.sink.events(c)).hasSize(1));
    }

    @Test
    default void subscriptionsOfOtherChannelsDoNotDisturbAStream() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        List<String> texts = DeliveryContract.numbers(300);
        var publisher =
                CompletableFuture.runAsync(
                        () -> texts.forEach(text -> node.publish(channel, text)));
        do {
            String other = nodes().channel();
            node.subscribe(other);
            if (nodes().promise().keepsHistory()) {
                node.last(channel, 10);
            }
            node.unsubscribe(other);
        } while (!publisher.isDone());
        publisher.join();
        assertThat(node.awaitTexts(channel, texts.size())).isEqualTo(texts);
    }
}
