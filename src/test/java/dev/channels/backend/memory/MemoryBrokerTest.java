package dev.channels.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Position;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import dev.channels.spi.contract.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a channel costs, and how long it lives. */
final class MemoryBrokerTest {

    private final RecordingSink sink = new RecordingSink();
    private long now;

    @Test
    void withoutHistoryOnlySubscribedChannelsTakeMemory() {
        MemoryBroker broker = broker(0);
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
        MemoryBroker broker = broker(10);
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
        MemoryBroker broker = broker(0);
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
        MemoryBroker broker = broker(10);
        for (int life = 0; life < 2; life++) {
            broker.subscribe(Set.of("a"));
            publish(broker, "a");
            broker.unsubscribe(Set.of("a"));
        }
        Position first = sink.events("a").get(0).position();
        assertThat(sink.events("a").get(1).position().isAfter(first)).isTrue();
        assertThat(broker.after("a", first, -1).events()).hasSize(1);
    }

    @Test
    void manyNamesPublishedOnceAreBoundedInBytes() {
        MemoryBroker broker = broker(new MemoryRetention(100, 1 << 20, Duration.ofHours(1)));
        for (int i = 0; i < 100_000; i++) {
            publish(broker, "channel " + i, new byte[1_000]);
        }
        assertThat(broker.size()).isBetween(800, 1_000);
        assertThat(broker.last("channel 99999", -1).events()).hasSize(1);
        assertThat(broker.last("channel 0", -1).events()).isEmpty();
    }

    @Test
    void oneBusyChannelKeepsItsNewestEventsWithinTheBytes() {
        MemoryBroker broker = broker(new MemoryRetention(100_000, 100_000, Duration.ofHours(1)));
        broker.subscribe(Set.of("a"));
        for (int i = 0; i < 10_000; i++) {
            publish(broker, "a", new byte[872]);
        }
        HistorySlice kept = broker.last("a", -1);
        assertThat(kept.events()).hasSize(100);
        assertThat(kept.position().offset()).isEqualTo(10_000);
        assertThat(kept.events().get(99).position().offset()).isEqualTo(10_000);
    }

    @Test
    void aChannelThatNobodyUsesIsForgottenAndThatIsAGap() {
        MemoryBroker broker = broker(new MemoryRetention(10, 1 << 20, Duration.ofHours(1)));
        broker.subscribe(Set.of("followed"));
        publish(broker, "followed");
        publish(broker, "unused");
        Position followed = broker.last("followed", 0).position();
        Position unused = broker.last("unused", 0).position();
        now += Duration.ofMinutes(59).toNanos();
        publish(broker, "other");
        assertThat(broker.after("unused", unused, -1).gap()).isFalse();
        now += Duration.ofMinutes(2).toNanos();
        publish(broker, "other");
        assertThat(broker.after("unused", unused, -1).gap()).isTrue();
        assertThat(broker.after("followed", followed, -1).gap()).isFalse();
        publish(broker, "unused");
        Position again = broker.last("unused", 0).position();
        assertThat(again.isComparableTo(unused)).isFalse();
    }

    @Test
    void aChannelThatIsFollowedStaysHoweverLongItIsQuiet() {
        MemoryBroker broker = broker(new MemoryRetention(10, 1 << 20, Duration.ofHours(1)));
        broker.subscribe(Set.of("followed"));
        publish(broker, "followed");
        Position followed = broker.last("followed", 0).position();
        for (int hour = 0; hour < 3; hour++) {
            now += Duration.ofMinutes(61).toNanos();
            publish(broker, "other");
        }
        assertThat(broker.after("followed", followed, -1).gap()).isFalse();
        broker.unsubscribe(Set.of("followed"));
        now += Duration.ofMinutes(61).toNanos();
        publish(broker, "other");
        assertThat(broker.after("followed", followed, -1).gap()).isTrue();
    }

    @Test
    void aClientOfAQuietChannelComesBackWithoutAGap() {
        MemoryBroker broker = broker(10);
        broker.subscribe(Set.of("a"));
        Position before = broker.last("a", 0).position();
        broker.unsubscribe(Set.of("a"));
        publish(broker, "other");
        assertThat(broker.after("a", before, -1).gap()).isFalse();
        publish(broker, "a");
        assertThat(broker.after("a", before, -1).events()).hasSize(1);
    }

    private MemoryBroker brokerWithPolicy(int events, String channels, ChannelRetention policy) {
        Retentions retentions =
                new Retentions(
                        MemoryRetention.of(events),
                        ChannelRules.of(List.of(policy), kept -> List.of(channels)));
        return new MemoryBroker(sink, retentions, () -> now);
    }

    @Test
    void somewhereElseIsNoHistoryAndNobodyMissesAnEventUnnoticed() {
        MemoryBroker broker =
                brokerWithPolicy(0, "kept-*", new ChannelRetention(10, Duration.ofHours(1)));
        broker.subscribe(Set.of("kept-a", "other"));
        Position kept = broker.last("kept-a", 0).position();
        Position other = broker.last("other", 0).position();
        broker.unsubscribe(Set.of("kept-a", "other"));
        assertThat(broker.after("other", other, -1).gap()).isFalse();
        publish(broker, "other");
        publish(broker, "kept-b");
        assertThat(broker.size()).as("logs, of kept-b").isEqualTo(1);
        assertThat(broker.after("other", other, -1).gap()).isTrue();
        assertThat(broker.after("kept-a", kept, -1).gap()).isFalse();
        broker.subscribe(Set.of("other"));
        assertThat(broker.after("other", other, -1).gap()).isTrue();
    }

    @Test
    void eachChannelIsForgottenInItsOwnTime() {
        MemoryBroker broker =
                brokerWithPolicy(10, "brief", new ChannelRetention(10, Duration.ofMinutes(1)));
        publish(broker, "long");
        publish(broker, "brief");
        now += Duration.ofMinutes(2).toNanos();
        publish(broker, "other");
        assertThat(broker.last("brief", -1).events()).isEmpty();
        assertThat(broker.last("long", -1).events()).hasSize(1);
    }

    @Test
    void theBytesOfAllAreTakenFromWhatWasPublishedToLongestAgo() {
        Retentions retentions =
                new Retentions(
                        new MemoryRetention(100, 2_500, Duration.ofHours(1)),
                        ChannelRules.of(
                                List.of(new ChannelRetention(10, Duration.ofHours(2))),
                                kept -> List.of("long")));
        MemoryBroker broker = new MemoryBroker(sink, retentions, () -> now);
        for (String channel : List.of("long", "first", "second")) {
            now++;
            publish(broker, channel, new byte[872]);
        }
        assertThat(broker.last("long", -1).events()).isEmpty();
        assertThat(broker.last("first", -1).events()).hasSize(1);
        assertThat(broker.last("second", -1).events()).hasSize(1);
    }

    private MemoryBroker broker(int events) {
        return broker(MemoryRetention.of(events));
    }

    private MemoryBroker broker(MemoryRetention retention) {
        return new MemoryBroker(sink, Retentions.of(retention), () -> now);
    }

    private static void publish(MemoryBroker broker, String channel) {
        publish(broker, channel, new byte[0]);
    }

    private static void publish(MemoryBroker broker, String channel, byte[] payload) {
        broker.publish(List.of(new Publication(1, payload, Set.of(channel))));
    }
}
