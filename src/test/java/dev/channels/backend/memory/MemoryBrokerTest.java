package dev.channels.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Position;
import dev.channels.spi.Publication;
import dev.channels.spi.contract.RecordingSink;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a channel costs, and how long it lives. */
final class MemoryBrokerTest {

    private final RecordingSink sink = new RecordingSink();

    @Test
    void withoutHistoryOnlySubscribedChannelsTakeMemory() {
        MemoryBroker broker = new MemoryBroker(sink, 0);
        for (int i = 0; i < 1_000; i++) {
            String channel = "channel " + i;
            publish(broker, channel);
            broker.subscribe(Set.of(channel, "another"));
            publish(broker, channel);
            broker.unsubscribe(Set.of(channel, "another"));
            publish(broker, channel);
        }
        assertThat(broker.size()).isZero();
        assertThat(sink.calls()).isEqualTo(1_000);
    }

    @Test
    void withHistoryOnlySubscribedAndPublishedChannelsTakeMemory() {
        MemoryBroker broker = new MemoryBroker(sink, 10);
        publish(broker, "kept");
        for (int i = 0; i < 1_000; i++) {
            broker.subscribe(Set.of("channel " + i));
            broker.last("unknown " + i, -1);
            broker.unsubscribe(Set.of("channel " + i));
        }
        assertThat(broker.size()).isEqualTo(1);
    }

    @Test
    void withoutHistoryTheNextLifeOfAChannelIsAnotherEpoch() {
        MemoryBroker broker = new MemoryBroker(sink, 0);
        for (int life = 0; life < 2; life++) {
            broker.subscribe(Set.of("a"));
            publish(broker, "a");
            broker.unsubscribe(Set.of("a"));
            publish(broker, "a");
        }
        assertThat(sink.events("a")).hasSize(2);
        Position first = sink.events("a").get(0).position();
        assertThat(sink.events("a").get(1).position().isComparableTo(first)).isFalse();
    }

    @Test
    void withHistoryTheEpochOutlivesSubscriptions() {
        MemoryBroker broker = new MemoryBroker(sink, 10);
        for (int life = 0; life < 2; life++) {
            broker.subscribe(Set.of("a"));
            publish(broker, "a");
            broker.unsubscribe(Set.of("a"));
        }
        Position first = sink.events("a").get(0).position();
        assertThat(sink.events("a").get(1).position().isAfter(first)).isTrue();
        assertThat(broker.after("a", first, -1).events()).hasSize(1);
    }

    private static void publish(MemoryBroker broker, String channel) {
        broker.publish(List.of(new Publication(1, new byte[0], Set.of(channel))));
    }
}
