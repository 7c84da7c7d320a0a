package dev.channels.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HistoryReadingsTest {

    /** A broker that has the events 11 to 15 of each channel, and answers when it is let. */
    private static final class Broker implements ChannelHistory {

        final List<String> asked = new ArrayList<>();
        final CompletableFuture<Void> answers = new CompletableFuture<>();

        @Override
        public CompletionStage<HistorySlice> last(String channel, int limit) {
            asked.add(channel);
            return answers.thenApply(v -> slice(List.of(), false));
        }

        @Override
        public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
            ChannelEvent oldest = new ChannelEvent(channel, new Position("e", 11), new byte[] {1});
            return answers.thenApply(v -> slice(List.of(oldest), true));
        }

        @Override
        public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> forget(String channel) {
            throw new UnsupportedOperationException();
        }

        private static HistorySlice slice(List<ChannelEvent> events, boolean gap) {
            return new HistorySlice(events, new Position("e", 15), gap);
        }
    }

    private final Broker broker = new Broker();
    private long now;
    private final HistoryReadings readings = new HistoryReadings(Optional.of(broker), () -> now);

    @Test
    void nobodyWaitsForTheBroker() {
        assertThat(readings.of("a")).isNull();
        now = TimeUnit.MILLISECONDS.toNanos(3);
        broker.answers.complete(null);
        HistoryReadings.Reading known = readings.of("a");
        assertThat(known).isNotNull();
        assertThat(known.kept()).isEqualTo(5);
        assertThat(known.position()).isEqualTo(new Position("e", 15));
        assertThat(readings.answeredIn()).isEqualTo(now);
    }

    @Test
    void channelIsReadOnceInSomeSeconds() {
        broker.answers.complete(null);
        readings.of("a");
        readings.of("a");
        assertThat(broker.asked).hasSize(1);
        now = TimeUnit.SECONDS.toNanos(6);
        readings.of("a");
        assertThat(broker.asked).hasSize(2);
    }

    @Test
    void fewAreReadAtOnce() {
        for (int i = 0; i < 10_000; i++) {
            readings.of("channel " + i);
        }
        assertThat(broker.asked).hasSize(HistoryReadings.AT_ONCE);
        broker.answers.complete(null);
        readings.of("one more");
        assertThat(broker.asked).hasSize(HistoryReadings.AT_ONCE + 1);
    }

    @Test
    void brokerThatIsAwayIsNotAskedAllTheTime() {
        broker.answers.completeExceptionally(new BrokerUnavailableException("away", null));
        assertThat(readings.of("a")).isNull();
        assertThat(readings.of("a")).isNull();
        assertThat(broker.asked).hasSize(1);
    }

    @Test
    void nothingIsReadWhereNothingIsKept() {
        HistoryReadings none = new HistoryReadings(Optional.empty(), () -> now);
        assertThat(none.of("a")).isNull();
        assertThat(none.isKept()).isFalse();
    }
}
