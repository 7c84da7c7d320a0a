package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whoever watches names that begin alike finds every channel in which something is published. */
interface DiscoveryContract extends ContractTests {

    private Node startWatched() throws Exception {
        Node node = nodes().start();
        assumeThat(node.backend.discovery()).as("discovery").isPresent();
        return node;
    }

    private static CompletionStage<Void> watch(
            Node node, String prefix, ChannelDiscovery.Watcher watcher) {
        return node.backend.discovery().orElseThrow().watch(prefix, watcher);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Node.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    /** Joins each channel that it is told of, as the plugin does. */
    final class Following implements ChannelDiscovery.Watcher {

        private final Node node;
        private final Map<String, Position> found = new ConcurrentHashMap<>();
        private final Map<String, CompletionStage<Void>> subscribed = new ConcurrentHashMap<>();
        private final List<String> told = new CopyOnWriteArrayList<>();

        Following(Node node) {
            this.node = node;
        }

        @Override
        public void published(String channel, Position before) {
            told.add(channel);
            if (found.putIfAbsent(channel, before) == null) {
                subscribed.put(channel, node.backend.subscribe(Set.of(channel)));
            }
        }

        void await(String channel) {
            eventually(() -> subscribed.containsKey(channel));
            Node.get(() -> subscribed.get(channel));
        }

        /** Returns what has come, after the position that was told. */
        List<String> texts(String channel, boolean hasHistory) {
            List<ChannelEvent> all = new ArrayList<>();
            if (hasHistory) {
                var slice = node.after(channel, found.get(channel), -1);
                assertThat(slice.gap()).as("gap after what was told of " + channel).isFalse();
                all.addAll(slice.events());
            }
            for (ChannelEvent event : node.sink.events(channel)) {
                if (all.isEmpty() || event.position().isAfter(all.get(all.size() - 1).position())) {
                    all.add(event);
                }
            }
            return RecordingSink.texts(all);
        }
    }

    private void awaitTexts(Following following, String channel, List<String> texts) {
        following.await(channel);
        eventually(() -> following.texts(channel, nodes().promise().keepsHistory()).equals(texts));
    }

    @Test
    default void findsChannelsThatNobodyKnew() throws Exception {
        Node node = startWatched();
        String prefix = nodes().channel() + "-";
        Following following = new Following(node);
        Node.get(() -> watch(node, prefix, following));
        node.publish(prefix + "a", "1", "2", "3");
        awaitTexts(following, prefix + "a", List.of("1", "2", "3"));
        node.publish(prefix + "b {ä}'\"%_\\", "1");
        node.publish(prefix + "a", "4");
        awaitTexts(following, prefix + "b {ä}'\"%_\\", List.of("1"));
        awaitTexts(following, prefix + "a", List.of("1", "2", "3", "4"));
    }

    @Test
    default void findsWhatIsPublishedFromThenOnToChannelsThatThereWere() throws Exception {
        Node node = startWatched();
        String prefix = nodes().channel() + "-";
        node.publish(prefix + "a", "old", "older");
        node.settle();
        Following following = new Following(node);
        Node.get(() -> watch(node, prefix, following));
        node.publish(prefix + "a", "new");
        following.await(prefix + "a");
        eventually(
                () ->
                        following
                                .texts(prefix + "a", nodes().promise().keepsHistory())
                                .contains("new"));
    }

    @Test
    default void tellsOfNoOtherChannels() throws Exception {
        Node node = startWatched();
        String prefix = nodes().channel() + "%";
        Following following = new Following(node);
        Node.get(() -> watch(node, prefix, following));
        for (String other :
                List.of(
                        prefix,
                        prefix.toUpperCase() + "a",
                        "x" + prefix + "a",
                        prefix.replace('%', 'x') + "a")) {
            node.publish(other, "x");
        }
        node.publish(prefix + "a", "x");
        following.await(prefix + "a");
        node.settle();
        assertThat(following.told).containsOnly(prefix + "a");
    }

    @Test
    default void tellsOfEveryEventWhoeverIsSubscribed() throws Exception {
        Node node = startWatched();
        String prefix = nodes().channel() + "-";
        Map<String, Position> last = new ConcurrentHashMap<>();
        Node.get(() -> watch(node, prefix, last::put));
        String channel = prefix + "a";
        node.subscribe(channel);
        for (int i = 1; i <= 10; i++) {
            node.publish(channel, "x");
            Position event = node.awaitEvents(channel, i).get(i - 1).position();
            Position before = new Position(event.epoch(), event.offset() - 1);
            eventually(() -> before.equals(last.get(channel)));
        }
    }

    @Test
    default void tellsSeveralWatchersOfNamesThatOverlap() throws Exception {
        Node node = startWatched();
        String prefix = nodes().channel() + "-";
        Following wide = new Following(node);
        List<String> narrow = new CopyOnWriteArrayList<>();
        Node.get(() -> watch(node, prefix, wide));
        Node.get(() -> watch(node, prefix + "a", (channel, before) -> narrow.add(channel)));
        node.publish(prefix + "b", "x");
        node.publish(prefix + "aa", "x");
        wide.await(prefix + "aa");
        wide.await(prefix + "b");
        eventually(() -> !narrow.isEmpty());
        assertThat(narrow).containsOnly(prefix + "aa");
    }

    @Test
    default void channelsAreJoinedWithoutAHoleWhileTheirEventsFlow() throws Exception {
        Node node = startWatched();
        String prefix = nodes().channel() + "-";
        Following following = new Following(node);
        Node.get(() -> watch(node, prefix, following));
        List<String> channels = IntStream.range(0, 20).mapToObj(i -> prefix + i).toList();
        List<String> texts = DeliveryContract.numbers(60);
        for (int from = 0; from < texts.size(); from += 3) {
            List<Publication> batch = new ArrayList<>();
            for (String channel : channels) {
                batch.addAll(node.batch(channel, texts.subList(from, from + 3)));
            }
            node.publish(batch);
        }
        for (String channel : channels) {
            awaitTexts(following, channel, texts);
        }
    }

    @Test
    default void findsWhatAnotherNodePublishes() throws Exception {
        Node watching = startWatched();
        Node publishing = nodes().startAnother();
        String prefix = nodes().channel() + "-";
        Following following = new Following(watching);
        Node.get(() -> watch(watching, prefix, following));
        publishing.publish(prefix + "a", "1", "2");
        awaitTexts(following, prefix + "a", List.of("1", "2"));
    }

    @Test
    default void tellsNothingOfAnotherPrefix() throws Exception {
        Node node = startWatched();
        Node foreign = nodes().startForeign();
        String prefix = nodes().channel() + "-";
        Following following = new Following(node);
        Node.get(() -> watch(node, prefix, following));
        foreign.publish(prefix + "theirs", "x");
        foreign.settle();
        node.publish(prefix + "ours", "x");
        following.await(prefix + "ours");
        node.settle();
        assertThat(following.told).containsOnly(prefix + "ours");
    }

    @Test
    default void watchesEndWithTheStop() throws Exception {
        Node node = startWatched();
        String prefix = nodes().channel() + "-";
        List<String> before = new CopyOnWriteArrayList<>();
        Node.get(() -> watch(node, prefix, (channel, position) -> before.add(channel)));
        node.stop();
        node.start();
        Following following = new Following(node);
        Node.get(() -> watch(node, prefix, following));
        node.publish(prefix + "a", "x");
        following.await(prefix + "a");
        assertThat(before).isEmpty();
    }

    @Test
    default void watchesOutliveAnOutageAndBeginInOne() throws Exception {
        Outage outage = nodes().outage();
        Node node = startWatched();
        String prefix = nodes().channel() + "-";
        Following following = new Following(node);
        Node.get(() -> watch(node, prefix, following));
        outage.begin();
        eventually(() -> node.sink.disconnections() == 1);
        Following late = new Following(node);
        CompletableFuture<Void> begun = watch(node, prefix + "late-", late).toCompletableFuture();
        outage.end();
        eventually(() -> node.sink.connections() == 1);
        Node.get(() -> begun);
        OutageContract.publishUntilAccepted(node, node.batch(prefix + "a", List.of("1")));
        OutageContract.publishUntilAccepted(node, node.batch(prefix + "late-a", List.of("1")));
        following.await(prefix + "a");
        eventually(() -> late.found.containsKey(prefix + "late-a"));
    }
}
