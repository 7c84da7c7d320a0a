package dev.channels.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many publishers, subscribers that come and go, and every stream checked. */
class FanOutStressTest {

    private static final List<String> CHANNELS = List.of("a", "b", "c");
    private static final int PUBLISHERS = 4;
    private static final int VISITORS = 3;
    private static final int VISITS = 10;
    private static final int HISTORY = 200;

    @RegisterExtension final NodeFixture it = new NodeFixture();

    /** The events of one subscriber, as they came. */
    private static final class Stream implements EventSender {
        private final List<ChannelEvent> events = new ArrayList<>();

        @Override
        public synchronized void send(Delivery delivery, Completion completion) {
            if (!(delivery instanceof ChannelEvent event)) {
                completion.sent();
                return;
            }
            events.add(event);
            completion.sent();
        }

        synchronized List<ChannelEvent> events() {
            return List.copyOf(events);
        }
    }

    @RepeatedTest(3)
    void everyStreamIsWholeAndInOrder(RepetitionInfo repetition) throws Exception {
        it.settings.arbitraryChannelsAllowed = true;
        ChannelsPlugin plugin = it.started(new MemoryBackend(HISTORY));
        List<Stream> stayed = new ArrayList<>();
        for (String channel : CHANNELS) {
            Stream stream = new Stream();
            stayed.add(stream);
            NodeFixture.get(plugin.startSubscription(List.of(channel), 0, stream).established());
        }
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger published = new AtomicInteger();
        List<Running<Void>> publishers = new ArrayList<>();
        for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
            int number = publisher;
            publishers.add(Threads.run(() -> publish(plugin, number, over, published)));
        }
        Queue<Stream> passing = new ConcurrentLinkedQueue<>();
        List<Running<Void>> visitors = new ArrayList<>();
        for (int visitor = 0; visitor < VISITORS; visitor++) {
            Random random = new Random(repetition.getCurrentRepetition() * 10L + visitor);
            visitors.add(Threads.run(() -> comeAndGo(plugin, random, passing)));
        }
        for (Running<Void> visitor : visitors) {
            visitor.get();
        }
        over.set(true);
        for (Running<Void> publisher : publishers) {
            publisher.get();
        }
        for (Stream stream : stayed) {
            await().atMost(Threads.PATIENCE).until(() -> stream.events().size() == published.get());
            assertWhole(stream.events());
            assertInOrderOfPublishers(stream.events());
        }
        assertThat(passing).hasSize(VISITORS * VISITS);
        for (Stream stream : passing) {
            assertWhole(stream.events());
            assertInOrderOfPublishers(stream.events());
        }
        assertThat(passing.stream().filter(stream -> stream.events().size() > HISTORY))
                .isNotEmpty();
        assertThat(plugin.statistics().dropped()).isZero();
        await().atMost(Threads.PATIENCE)
                .until(() -> plugin.statistics().subscribers() == CHANNELS.size());
    }

    /** Waits for every tenth event, so that the memory of the test is bounded. */
    private static void publish(
            ChannelsPlugin plugin, int publisher, AtomicBoolean over, AtomicInteger published) {
        for (int i = 0; !over.get(); i++) {
            String text = publisher + " " + i;
            published.incrementAndGet();
            if (i % 10 == 9) {
                NodeFixture.get(plugin.waitPublished(text, CHANNELS));
            } else {
                plugin.publish(text, CHANNELS);
            }
        }
    }

    /** Subscribes in all ways, and leaves in all ways. */
    private static void comeAndGo(ChannelsPlugin plugin, Random random, Queue<Stream> passing) {
        for (int i = 0; i < VISITS; i++) {
            int history = random.nextInt(4) * 50;
            List<String> channels = CHANNELS.subList(0, 1 + random.nextInt(CHANNELS.size()));
            Stream stream = new Stream();
            if (random.nextBoolean()) {
                Subscription subscription = plugin.startSubscription(channels, history, stream);
                NodeFixture.get(subscription.established());
                NodeFixture.get(plugin.waitPublished("9 0", "d"));
                subscription.close();
                await().atMost(Threads.PATIENCE)
                        .until(() -> !subscription.subscriber().isRunning());
            } else {
                Subscriber subscriber = plugin.subscribe(channels, history);
                NodeFixture.get(plugin.waitPublished("9 0", "d"));
                plugin.unsubscribe(subscriber);
                subscriber.iterEvents().forEach(stream.events::add);
            }
            passing.add(stream);
        }
    }

    private static void assertWhole(List<ChannelEvent> events) {
        Map<String, Long> last = new HashMap<>();
        for (ChannelEvent event : events) {
            long offset = event.position().offset();
            Long before = last.put(event.channel(), offset);
            if (before != null && offset != before + 1) {
                throw new AssertionError(event + " came after offset " + before);
            }
        }
    }

    private static void assertInOrderOfPublishers(List<ChannelEvent> events) {
        Map<String, Integer> last = new HashMap<>();
        for (ChannelEvent event : events) {
            String[] words = event.text().split(" ");
            int number = Integer.parseInt(words[1]);
            Integer before = last.put(event.channel() + words[0], number);
            if (before != null && number != before + 1) {
                throw new AssertionError("'" + event.text() + "' came after " + before);
            }
        }
    }
}
