package dev.channels.backend.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.Publication;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PredecessorsTest {

    private final Predecessors predecessors = new Predecessors();

    private static Publication publication(long sequence, String... channels) {
        return new Publication(sequence, new byte[0], Set.of(channels));
    }

    private void accept(long sequence, String... channels) {
        predecessors.accepted(List.of(publication(sequence, channels)));
    }

    @Test
    void anAcceptedEventIsThePredecessorOfTheNextOnEachOfItsChannels() {
        predecessors.beginBatch();
        assertThat(predecessors.of("a")).isEqualTo(Predecessors.UNKNOWN);
        accept(1, "a", "b");
        accept(2, "b");
        predecessors.beginBatch();
        assertThat(predecessors.of("a")).isEqualTo(1);
        assertThat(predecessors.of("b")).isEqualTo(2);
        assertThat(predecessors.of("c")).isEqualTo(Predecessors.UNKNOWN);
    }

    @Test
    void soIsOneThatIsSentBeforeInTheSameBatch() {
        accept(1, "a");
        predecessors.beginBatch();
        predecessors.sent(publication(2, "a"));
        assertThat(predecessors.of("a")).isEqualTo(2);
    }

    @Test
    void oneToSeveralChannelsMayYetBeRefused() {
        accept(1, "a");
        predecessors.beginBatch();
        predecessors.sent(publication(2, "a", "forbidden"));
        assertThat(predecessors.of("a")).isEqualTo(1);
    }

    @Test
    void aRepeatedBatchHasTheSameAgain() {
        accept(1, "a");
        predecessors.beginBatch();
        predecessors.sent(publication(2, "a"));
        predecessors.beginBatch();
        assertThat(predecessors.of("a")).isEqualTo(1);
    }

    @Test
    void whatIsSentAndRefusedIsForgottenWithTheNextBatch() {
        predecessors.beginBatch();
        predecessors.sent(publication(1, "a"));
        predecessors.accepted(List.of());
        predecessors.beginBatch();
        assertThat(predecessors.of("a")).isEqualTo(Predecessors.UNKNOWN);
    }

    @Test
    void theChannelsUsedLastAreRemembered() {
        accept(1, "a");
        accept(2, "b");
        for (int other = 3; other <= 10_000; other++) {
            accept(other, "other-" + other);
        }
        predecessors.beginBatch();
        assertThat(predecessors.of("a")).isEqualTo(1);
        accept(10_001, "one more");
        assertThat(predecessors.of("a")).isEqualTo(1);
        assertThat(predecessors.of("b")).isEqualTo(Predecessors.UNKNOWN);
    }
}
