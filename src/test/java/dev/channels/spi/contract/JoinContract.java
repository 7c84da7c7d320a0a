package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.HistorySlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** History and live events join without a hole, whatever is published meanwhile. */
interface JoinContract extends ContractTests {

    int ROUNDS = 10;
    int EVENTS = 100;

    @Test
    default void historyReadAfterSubscribingJoinsLiveEvents() throws Exception {
        nodes().assumeHistory();
        Node node = nodes().start();
        for (int round = 0; round < ROUNDS; round++) {
            String channel = nodes().channel();
            Publishing publishing = new Publishing(node, channel);
            publishing.awaitAccepted(round * EVENTS / ROUNDS);
            node.subscribe(channel);
            HistorySlice history = node.last(channel, -1);
            assertThat(joined(node, channel, history.events(), publishing))
                    .isEqualTo(DeliveryContract.numbers(EVENTS));
        }
    }

    @Test
    default void resumingAfterAPositionJoinsLiveEvents() throws Exception {
        nodes().assumeHistory();
        Node node = nodes().start();
        for (int round = 0; round < ROUNDS; round++) {
            String channel = nodes().channel();
            node.subscribe(channel);
            Publishing publishing = new Publishing(node, channel);
            List<ChannelEvent> seen = node.awaitEvents(channel, 1 + round * EVENTS / ROUNDS / 2);
            node.unsubscribe(channel);
            seen = node.sink.events(channel);
            Position last = seen.get(seen.size() - 1).position();
            node.subscribe(channel);
            HistorySlice missed = node.after(channel, last, -1);
            assertThat(missed.gap()).isFalse();
            List<ChannelEvent> history = new ArrayList<>(seen);
            history.addAll(missed.events());
            assertThat(joined(node, channel, history, publishing))
                    .isEqualTo(DeliveryContract.numbers(EVENTS));
        }
    }

    /** Joins as the plugin does: history first, then the live events that are newer. */
    private static List<String> joined(
            Node node, String channel, List<ChannelEvent> history, Publishing publishing) {
        publishing.awaitEnd();
        node.settle();
        List<ChannelEvent> all = new ArrayList<>(history);
        for (ChannelEvent event : node.sink.events(channel)) {
            if (all.isEmpty() || event.position().isAfter(all.get(all.size() - 1).position())) {
                all.add(event);
            }
        }
        return RecordingSink.texts(all);
    }

    /** A thread that publishes numbered events in small batches, as fast as they are accepted. */
    final class Publishing {

        private final AtomicInteger accepted = new AtomicInteger();
        private final CompletableFuture<Void> end;

        Publishing(Node node, String channel) {
            end = CompletableFuture.runAsync(() -> publish(node, channel));
        }

        private void publish(Node node, String channel) {
            List<String> texts = DeliveryContract.numbers(EVENTS);
            for (int from = 0; from < EVENTS; from = accepted.get()) {
                int to = Math.min(from + 1 + from % 3, EVENTS);
                node.publish(node.batch(channel, texts.subList(from, to)));
                accepted.set(to);
            }
        }

        void awaitAccepted(int count) {
            await().atMost(Node.PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> accepted.get() >= count || end.isCompletedExceptionally());
        }

        void awaitEnd() {
            end.join();
        }
    }
}
