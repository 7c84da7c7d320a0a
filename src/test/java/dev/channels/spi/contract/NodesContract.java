package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Nodes on one broker hear each other; another prefix on the same broker hears nothing. */
interface NodesContract extends ContractTests {

    @Test
    default void allNodesReceiveAnEvent() throws Exception {
        Node one = nodes().start();
        Node two = nodes().startAnother();
        Node three = nodes().start();
        String channel = nodes().channel();
        List.of(one, two, three).forEach(node -> node.subscribe(channel));
        one.publish(channel, "x");
        for (Node node : List.of(one, two, three)) {
            assertThat(node.awaitTexts(channel, 1)).containsExactly("x");
        }
    }

    @Test
    default void allNodesReceiveTheSameOrder() throws Exception {
        Node one = nodes().start();
        Node two = nodes().startAnother();
        String channel = nodes().channel();
        List.of(one, two).forEach(node -> node.subscribe(channel));
        List<String> texts = DeliveryContract.numbers(500);
        CompletableFuture.allOf(publishing(one, channel, texts), publishing(two, channel, texts))
                .join();
        List<ChannelEvent> events = one.awaitEvents(channel, 1_000);
        List<ChannelEvent> others = two.awaitEvents(channel, 1_000);
        assertThat(RecordingSink.texts(others)).isEqualTo(RecordingSink.texts(events));
        for (Node publisher : List.of(one, two)) {
            assertThat(
                            RecordingSink.texts(events).stream()
                                    .filter(t -> t.startsWith(tag(publisher))))
                    .isEqualTo(texts.stream().map(text -> tag(publisher) + text).toList());
        }
        if (nodes().promise().keepsHistory()) {
            assertThat(others).as("positions, which history makes meaningful").isEqualTo(events);
            assertThat(two.last(channel, 1_000).events()).isEqualTo(events);
        }
    }

    @Test
    default void aNewNodeStartsAtNow() throws Exception {
        Node old = nodes().start();
        String channel = nodes().channel();
        old.subscribe(channel);
        old.publish(channel, "1", "2", "3");
        old.awaitEvents(channel, 3);
        Node node = nodes().startAnother();
        node.subscribe(channel);
        old.publish(channel, "4");
        assertThat(node.awaitTexts(channel, 1)).containsExactly("4");
        old.settle(node);
        assertThat(node.sink.events(channel)).hasSize(1);
    }

    @Test
    default void nodesSubscribeEachForThemselves() throws Exception {
        Node one = nodes().start();
        Node two = nodes().startAnother();
        String channel = nodes().channel();
        one.subscribe(channel);
        two.subscribe(channel);
        one.unsubscribe(channel);
        one.publish(channel, "x");
        assertThat(two.awaitTexts(channel, 1)).containsExactly("x");
        one.settle();
        assertThat(one.sink.events(channel)).isEmpty();
    }

    @Test
    default void aNodeOutlivesAnother() throws Exception {
        Node one = nodes().start();
        Node two = nodes().startAnother();
        String channel = nodes().channel();
        two.subscribe(channel);
        one.stop();
        two.publish(channel, "x");
        assertThat(two.awaitTexts(channel, 1)).containsExactly("x");
    }

    @Test
    default void theHistoryOutlivesItsPublisher() throws Exception {
        nodes().assumeHistory();
        Node publisher = nodes().start();
        Node reader = nodes().startAnother();
        String channel = nodes().channel();
        publisher.publish(channel, "1", "2");
        publisher.stop();
        assertThat(RecordingSink.texts(reader.last(channel, -1))).containsExactly("1", "2");
        publisher.start();
        publisher.publish(channel, "3");
        assertThat(RecordingSink.texts(publisher.last(channel, -1))).containsExactly("1", "2", "3");
    }

    @Test
    default void anotherPrefixHearsNothing() throws Exception {
        Node node = nodes().start();
        Node foreign = nodes().startForeign();
        String channel = nodes().channel();
        node.subscribe(channel);
        foreign.subscribe(channel);
        node.publish(channel, "ours");
        foreign.publish(channel, "theirs");
        assertThat(node.awaitTexts(channel, 1)).containsExactly("ours");
        assertThat(foreign.awaitTexts(channel, 1)).containsExactly("theirs");
        node.settle();
        foreign.settle();
        assertThat(node.sink.events(channel)).hasSize(1);
        assertThat(foreign.sink.events(channel)).hasSize(1);
        if (nodes().promise().keepsHistory()) {
            assertThat(RecordingSink.texts(node.last(channel, -1))).containsExactly("ours");
            assertThat(RecordingSink.texts(foreign.last(channel, -1))).containsExactly("theirs");
        }
    }

    private static CompletableFuture<Void> publishing(
            Node node, String channel, List<String> texts) {
        return CompletableFuture.runAsync(
                () -> {
                    for (int from = 0; from < texts.size(); from += 5) {
                        List<String> next = texts.subList(from, from + 5);
                        node.publish(
                                node.batch(
                                        channel, next.stream().map(t -> tag(node) + t).toList()));
                    }
                });
    }

    private static String tag(Node node) {
        return System.identityHashCode(node) + " ";
    }
}
