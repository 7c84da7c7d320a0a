package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.spi.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is published arrives, once, in order. */
interface DeliveryContract extends ContractTests {

    @Test
    default void deliversAnEvent() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.publish(channel, "hello");
        List<ChannelEvent> events = node.awaitEvents(channel, 1);
        assertThat(RecordingSink.texts(events)).containsExactly("hello");
        assertThat(events.get(0).channel()).isEqualTo(channel);
    }

    @Test
    default void deliversABatchInItsOrder() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.publish(channel, "1", "2", "3", "4", "5");
        assertThat(node.awaitTexts(channel, 5)).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    default void keepsTheOrderOfThousandsOfEvents() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        List<String> texts = numbers(5_000);
        int from = 0;
        for (int size = 1; from < texts.size(); size = size % 250 + 17) {
            int to = Math.min(from + size, texts.size());
            node.publish(node.batch(channel, texts.subList(from, to)));
            from = to;
            // A history of 1,000 must not be trimmed before its reader has come that far.
            node.awaitEvents(channel, to - 500);
        }
        assertThat(node.awaitTexts(channel, texts.size())).isEqualTo(texts);
        assertThat(node.sink.duplicates(channel)).isZero();
    }

    @Test
    default void positionsIncreaseInOneEpoch() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.publish(channel, numbers(50).toArray(String[]::new));
        node.publish(channel, numbers(50).toArray(String[]::new));
        List<ChannelEvent> events = node.awaitEvents(channel, 100);
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).position().isAfter(events.get(i - 1).position()))
                    .as("%s comes after %s", events.get(i), events.get(i - 1))
                    .isTrue();
        }
    }

    @Test
    default void deliversAPublicationToAllItsChannels() throws Exception {
        Node node = nodes().start();
        List<String> channels = IntStream.range(0, 100).mapToObj(i -> nodes().channel()).toList();
        node.subscribe(Set.copyOf(channels));
        node.publish(List.of(node.publication(new byte[] {'x'}, Set.copyOf(channels))));
        for (String channel : channels) {
            assertThat(node.awaitTexts(channel, 1)).containsExactly("x");
        }
    }

    @Test
    default void deliversOnlyTheSubscribedChannelsOfAPublication() throws Exception {
        Node node = nodes().start();
        String wanted = nodes().channel();
        String unwanted = nodes().channel();
        node.subscribe(wanted);
        node.publish(List.of(node.publication("x", unwanted, wanted)));
        assertThat(node.awaitTexts(wanted, 1)).containsExactly("x");
        node.settle();
        assertThat(node.sink.events(unwanted)).isEmpty();
    }

    @Test
    default void keepsTheOrderInEachOfSeveralChannels() throws Exception {
        Node node = nodes().start();
        List<String> channels = IntStream.range(0, 5).mapToObj(i -> nodes().channel()).toList();
        node.subscribe(Set.copyOf(channels));
        List<Publication> batch = new ArrayList<>();
        for (String text : numbers(500)) {
            int number = Integer.parseInt(text);
            Set<String> targets =
                    channels.stream()
                            .filter(channel -> number % (channels.indexOf(channel) + 1) == 0)
                            .collect(Collectors.toSet());
            batch.add(node.publication(text, targets.toArray(String[]::new)));
        }
        node.publish(batch);
        for (int i = 0; i < channels.size(); i++) {
            int step = i + 1;
            List<String> expected =
                    numbers(500).stream().filter(n -> Integer.parseInt(n) % step == 0).toList();
            assertThat(node.awaitTexts(channels.get(i), expected.size())).isEqualTo(expected);
        }
    }

    @Test
    default void acceptsEventsThatNobodySubscribesTo() throws Exception {
        Node node = nodes().start();
        node.publish(nodes().channel(), "1", "2");
        node.settle();
    }

    /** Returns the numbers from 0 up as texts. */
    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
