package dev.channels.spi.contract;

import static dev.channels.spi.contract.RecordingSink.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.HistorySlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The history holds what was accepted, and says so when something is gone. */
interface HistoryContract extends ContractTests {

    @Test
    default void theLastEventsAreTheNewestOnes() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.publish(channel, "1", "2", "3", "4", "5");
        assertThat(texts(node.last(channel, 2))).containsExactly("4", "5");
        assertThat(texts(node.last(channel, 1))).containsExactly("5");
        assertThat(texts(node.last(channel, 0))).isEmpty();
        assertThat(texts(node.last(channel, 5))).containsExactly("1", "2", "3", "4", "5");
        assertThat(texts(node.last(channel, 50))).containsExactly("1", "2", "3", "4", "5");
        assertThat(texts(node.last(channel, -1))).containsExactly("1", "2", "3", "4", "5");
        assertThat(texts(node.last(channel, Integer.MIN_VALUE))).hasSize(5);
        assertThat(texts(node.last(channel, Integer.MAX_VALUE))).hasSize(5);
        assertThat(node.last(channel, -1).gap()).isFalse();
        assertThat(node.last(channel, 0).gap()).isFalse();
    }

    @Test
    default void aChannelWithoutEventsHasAnEmptyHistory() throws Exception {
        Node node = startKeeping();
        assertThat(node.last(nodes().channel(), -1).events()).isEmpty();
        assertThat(node.last(nodes().channel(), -1).gap()).isFalse();
        String subscribed = nodes().channel();
        node.subscribe(subscribed);
        assertThat(node.last(subscribed, 5).events()).isEmpty();
    }

    @Test
    default void aChannelWithoutEventsStandsWhereItsFirstEventContinues() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.subscribe(channel);
        Position before = node.last(channel, 0).position();
        assertThat(before.offset()).isZero();
        assertThat(node.last(channel, 0).position()).isEqualTo(before);
        node.publish(channel, "first");
        Position first = node.last(channel, 1).events().get(0).position();
        assertThat(first).isEqualTo(new Position(before.epoch(), 1));
        HistorySlice since = node.after(channel, before, -1);
        assertThat(since.gap()).isFalse();
        assertThat(texts(since)).containsExactly("first");
    }

    @Test
    default void offsetsCountFromOneWithoutHoles() throws Exception {
        Node node = startKeeping();
        String one = nodes().channel();
        String two = nodes().channel();
        node.subscribe(one);
        node.publish(one, "1", "2");
        node.publish(List.of(node.publication("both", one, two)));
        node.publish(two, "other");
        node.publish(node.batch(one, List.of("4", "5")));
        assertThat(offsets(node.last(one, -1).events())).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(offsets(node.awaitEvents(one, 5))).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(offsets(node.last(two, -1).events())).containsExactly(1L, 2L);
    }

    @Test
    default void everySliceSaysWhereTheChannelStands() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.publish(channel, "1", "2", "3");
        List<ChannelEvent> events = node.last(channel, -1).events();
        Position newest = events.get(2).position();
        assertThat(node.last(channel, 0).position()).isEqualTo(newest);
        assertThat(node.last(channel, 1).position()).isEqualTo(newest);
        assertThat(node.after(channel, events.get(0).position(), 1).position()).isEqualTo(newest);
        assertThat(node.before(channel, events.get(1).position(), 1).position()).isEqualTo(newest);
        Position other = new Position("another epoch", 2);
        assertThat(node.after(channel, other, 1).position()).isEqualTo(newest);
        // Clients name this epoch to be told that they cannot recover.
        assertThat(newest.epoch()).isNotEqualTo("_");
    }

    @Test
    default void readsBackFromAPosition() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.publish(channel, "1", "2", "3", "4", "5");
        List<ChannelEvent> events = node.last(channel, -1).events();
        Position fourth = events.get(3).position();
        assertThat(texts(node.before(channel, fourth, 2))).containsExactly("2", "3");
        assertThat(texts(node.before(channel, fourth, -1))).containsExactly("1", "2", "3");
        assertThat(texts(node.before(channel, fourth, 50))).containsExactly("1", "2", "3");
        assertThat(node.before(channel, fourth, 0).events()).isEmpty();
        assertThat(node.before(channel, events.get(0).position(), -1).events()).isEmpty();
        Position behind = new Position(fourth.epoch(), 6);
        assertThat(texts(node.before(channel, behind, 1))).containsExactly("5");
        HistorySlice other = node.before(channel, new Position("another epoch", 3), -1);
        assertThat(other.gap()).isTrue();
        assertThat(other.events()).isEmpty();
    }

    private static List<Long> offsets(List<ChannelEvent> events) {
        return events.stream().map(event -> event.position().offset()).toList();
    }

    @Test
    default void theHistoryOfAChannelHoldsNoOtherChannel() throws Exception {
        Node node = startKeeping();
        String one = nodes().channel();
        String two = nodes().channel();
        node.publish(one, "1");
        node.publish(List.of(node.publication("both", one, two)));
        node.publish(two, "2");
        assertThat(texts(node.last(one, -1))).containsExactly("1", "both");
        assertThat(texts(node.last(two, -1))).containsExactly("both", "2");
    }

    @Test
    default void theHistoryHoldsTheEventsAsDelivered() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.publish(channel, DeliveryContract.numbers(100).toArray(String[]::new));
        List<ChannelEvent> delivered = node.awaitEvents(channel, 100);
        assertThat(node.last(channel, -1).events()).isEqualTo(delivered);
    }

    @Test
    default void everyAcceptedEventIsInTheHistoryAtOnce() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        for (String text : DeliveryContract.numbers(200)) {
            node.publish(channel, text);
            assertThat(texts(node.last(channel, 1))).containsExactly(text);
        }
    }

    @Test
    default void theHistoryNeedsNoSubscribers() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.publish(channel, "before");
        node.subscribe(channel);
        node.publish(channel, "during");
        node.unsubscribe(channel);
        node.publish(channel, "after");
        assertThat(texts(node.last(channel, -1))).containsExactly("before", "during", "after");
    }

    @Test
    default void readsOnFromAPosition() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.publish(channel, "1", "2", "3", "4", "5");
        List<ChannelEvent> events = node.last(channel, -1).events();
        Position second = events.get(1).position();
        Position end = events.get(4).position();
        assertThat(node.after(channel, second, -1))
                .isEqualTo(new HistorySlice(events.subList(2, 5), end, false));
        assertThat(node.after(channel, second, 2))
                .isEqualTo(new HistorySlice(events.subList(2, 4), end, false));
        assertThat(node.after(channel, second, 50))
                .isEqualTo(new HistorySlice(events.subList(2, 5), end, false));
        assertThat(node.after(channel, second, 0))
                .isEqualTo(new HistorySlice(List.of(), end, false));
    }

    @Test
    default void thereIsNothingAfterTheNewestPosition() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.publish(channel, "1", "2");
        Position newest = node.last(channel, 1).events().get(0).position();
        assertThat(node.after(channel, newest, -1))
                .isEqualTo(new HistorySlice(List.of(), newest, false));
        node.publish(channel, "3");
        assertThat(texts(node.after(channel, newest, -1))).containsExactly("3");
    }

    @Test
    default void aPositionOfAnotherEpochIsAGap() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.publish(channel, "1", "2", "3");
        List<ChannelEvent> events = node.last(channel, -1).events();
        Position other = new Position("another epoch", events.get(1).position().offset());
        Position end = events.get(2).position();
        assertThat(node.after(channel, other, -1)).isEqualTo(new HistorySlice(events, end, true));
        assertThat(node.after(channel, other, 2))
                .isEqualTo(new HistorySlice(events.subList(0, 2), end, true));
        assertThat(node.after(channel, other, 0)).isEqualTo(new HistorySlice(List.of(), end, true));
    }

    @Test
    default void aPositionAheadOfTheHistoryIsAGap() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.publish(channel, "1", "2");
        List<ChannelEvent> events = node.last(channel, -1).events();
        Position newest = events.get(1).position();
        Position ahead = new Position(newest.epoch(), newest.offset() + 1_000);
        assertThat(node.after(channel, ahead, -1))
                .isEqualTo(new HistorySlice(events, newest, true));
    }

    @Test
    default void aPositionInAChannelWithoutEventsIsAGap() throws Exception {
        Node node = startKeeping();
        Position lost = new Position("another epoch", 7);
        HistorySlice slice = node.after(nodes().channel(), lost, -1);
        assertThat(slice.gap()).isTrue();
        assertThat(slice.events()).isEmpty();
    }

    @Test
    default void aPositionBeforeTrimmedEventsIsAGap() throws Exception {
        Node node = startKeeping();
        int limit = nodes().promise().historyLimit();
        assumeTrue(limit <= 10_000, "Skipped: the history is too long to be trimmed in a test");
        String channel = nodes().channel();
        node.publish(channel, "first");
        Position first = node.last(channel, 1).events().get(0).position();
        List<String> texts = DeliveryContract.numbers(limit);
        // A broker may trim late, in steps, or when it is published to.
        await("trimming")
                .atMost(Node.PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> {
                            node.publish(node.batch(channel, texts));
                            return node.after(channel, first, 1).gap();
                        });
        assertThat(texts(node.last(channel, limit))).isEqualTo(texts);
        assertThat(node.last(channel, -1).gap()).isFalse();
        HistorySlice rest = node.after(channel, first, -1);
        assertThat(rest.gap()).isTrue();
        assertThat(texts(rest)).endsWith(texts.toArray(String[]::new));
        Position oldest = rest.events().get(0).position();
        assertThat(node.after(channel, oldest, 1).events()).containsExactly(rest.events().get(1));
    }

    @Test
    default void aForgottenChannelGoesOnInAnotherLife() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        String other = nodes().channel();
        node.publish(channel, "1", "2", "3");
        node.publish(other, "kept");
        List<ChannelEvent> before = node.last(channel, -1).events();
        node.forget(channel);
        HistorySlice forgotten = node.last(channel, -1);
        assertThat(forgotten.events()).isEmpty();
        assertThat(forgotten.position().offset()).isZero();
        for (ChannelEvent event : before) {
            assertThat(node.after(channel, event.position(), -1).gap()).isTrue();
            assertThat(node.before(channel, event.position(), -1).events()).isEmpty();
        }
        node.publish(channel, "4", "5");
        HistorySlice next = node.after(channel, forgotten.position(), -1);
        assertThat(texts(next)).containsExactly("4", "5");
        assertThat(next.gap()).isFalse();
        assertThat(texts(node.last(channel, -1))).containsExactly("4", "5");
        HistorySlice missed = node.after(channel, before.get(0).position(), -1);
        assertThat(missed.gap()).isTrue();
        assertThat(texts(missed)).containsExactly("4", "5");
        assertThat(texts(node.last(other, -1))).containsExactly("kept");
    }

    @Test
    default void whoFollowsAForgottenChannelIsToldOfAGap() throws Exception {
        Node node = startKeeping();
        Node another = nodes().sharesBroker() ? nodes().startAnother() : node;
        String channel = nodes().channel();
        node.subscribe(channel);
        another.subscribe(channel);
        node.publish(channel, "1", "2");
        node.awaitTexts(channel, 2);
        another.awaitTexts(channel, 2);
        nodes().expectGaps();
        int gaps = node.sink.gaps();
        int gapsThere = another.sink.gaps();
        node.forget(channel);
        await("a gap").atMost(Node.PATIENCE).until(() -> node.sink.gaps() > gaps);
        await("a gap there").atMost(Node.PATIENCE).until(() -> another.sink.gaps() > gapsThere);
        node.publish(channel, "3");
        assertThat(node.awaitTexts(channel, 3)).containsExactly("1", "2", "3");
        assertThat(another.awaitTexts(channel, 3)).containsExactly("1", "2", "3");
    }

    @Test
    default void aChannelWithoutEventsCanBeForgotten() throws Exception {
        Node node = startKeeping();
        String channel = nodes().channel();
        node.forget(channel);
        node.publish(channel, "1");
        assertThat(texts(node.last(channel, -1))).containsExactly("1");
    }

    /** Until the publisher is through, lives of the channel end beside it, at any moment. */
    @Test
    default void forgettingBesideAPublisherTakesNoEventOfTheLifeThatFollows() throws Exception {
        Node node = startKeeping();
        Node another = nodes().sharesBroker() ? nodes().startAnother() : node;
        Set<Node> followers = new HashSet<>(List.of(node, another));
        String channel = nodes().channel();
        followers.forEach(it -> it.subscribe(channel));
        nodes().expectGaps();
        node.publish(channel, "first");
        List<String> numbers = DeliveryContract.numbers(300);
        CompletableFuture<Void> publishing =
                CompletableFuture.runAsync(
                        () -> numbers.forEach(number -> node.publish(channel, number)));
        do {
            another.forget(channel);
        } while (!publishing.isDone());
        publishing.join();
        node.publish(channel, "last");

        List<String> published = new ArrayList<>(List.of("first"));
        published.addAll(numbers);
        published.add("last");
        HistorySlice kept = node.last(channel, -1);
        int count = kept.events().size();
        assertThat(texts(kept)).endsWith("last");
        assertThat(published).endsWith(texts(kept).toArray(String[]::new));
        String epoch = kept.position().epoch();
        for (int i = 0; i < count; i++) {
            assertThat(kept.events().get(i).position()).isEqualTo(new Position(epoch, i + 1));
        }
        for (Node follower : followers) {
            ChannelEvent last = kept.events().get(count - 1);
            await("the last event")
                    .atMost(Node.PATIENCE)
                    .until(() -> follower.sink.events(channel).contains(last));
            List<ChannelEvent> seen = follower.sink.events(channel);
            assertThat(seen).endsWith(kept.events().toArray(ChannelEvent[]::new));
            assertThat(published).containsSubsequence(texts(seen));
            assertThat(follower.sink.gaps()).isPositive();
        }
    }

    /** Starts a node, or skips the test where there is no history. */
    private Node startKeeping() throws Exception {
        nodes().assumeHistory();
        return nodes().start();
    }
}
