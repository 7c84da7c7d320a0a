package dev.channels.backend.redis.pubsub;

import static dev.channels.backend.redis.pubsub.Publishers.Arrival.BEHIND_A_HOLE;
import static dev.channels.backend.redis.pubsub.Publishers.Arrival.NEXT;
import static dev.channels.backend.redis.pubsub.Publishers.Arrival.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.redis.pubsub.Publishers.Arrival;
import org.junit.jupiter.api.Test;

final class PublishersTest {

    private final Publishers publishers = new Publishers();

    private Arrival take(long publisher, long sequence) {
        return publishers.take(0, publisher, sequence, Predecessors.UNKNOWN);
    }

    @Test
    void recognisesARepetition() {
        assertThat(take(1, 5)).isEqualTo(NEXT);
        assertThat(take(1, 7)).isEqualTo(NEXT);
        assertThat(take(1, 5)).isEqualTo(REPEATED);
        assertThat(take(1, 7)).isEqualTo(REPEATED);
        assertThat(take(1, 8)).isEqualTo(NEXT);
    }

    @Test
    void tellsPublishersApart() {
        assertThat(take(1, 5)).isEqualTo(NEXT);
        assertThat(take(2, 5)).isEqualTo(NEXT);
        assertThat(take(2, 4)).isEqualTo(REPEATED);
    }

    @Test
    void forgetsThoseNotHeardOfForLong() {
        assertThat(take(1, 5)).isEqualTo(NEXT);
        for (int other = 2; other < 65; other++) {
            take(other, 1);
        }
        assertThat(take(1, 5)).isEqualTo(REPEATED);
        for (int other = 100; other < 164; other++) {
            take(other, 1);
        }
        assertThat(publishers.take(0, 1, 9, 8)).isEqualTo(NEXT);
    }

    @Test
    void aPredecessorThatDidNotComeIsAHole() {
        assertThat(publishers.take(0, 1, 5, 4)).isEqualTo(NEXT);
        assertThat(publishers.take(0, 2, 9, 1)).isEqualTo(NEXT);
        assertThat(publishers.take(0, 1, 8, 5)).isEqualTo(NEXT);
        assertThat(publishers.take(0, 1, 12, 10)).isEqualTo(BEHIND_A_HOLE);
        assertThat(publishers.take(0, 1, 10, 8)).isEqualTo(REPEATED);
        assertThat(publishers.take(0, 1, 13, 12)).isEqualTo(NEXT);
        assertThat(publishers.take(0, 2, 11, 10)).isEqualTo(BEHIND_A_HOLE);
    }

    @Test
    void nothingIsMissingWhereNoPredecessorIsKnown() {
        assertThat(publishers.take(0, 1, 5, 4)).isEqualTo(NEXT);
        assertThat(publishers.take(0, 1, 9, Predecessors.UNKNOWN)).isEqualTo(NEXT);
    }

    @Test
    void theFirstOfALinkTellsOfNoHole() {
        assertThat(publishers.take(0, 1, 5, 4)).isEqualTo(NEXT);
        assertThat(publishers.take(1, 1, 9, 8)).isEqualTo(NEXT);
        assertThat(publishers.take(1, 1, 12, 11)).isEqualTo(BEHIND_A_HOLE);
    }

    @Test
    void aRepetitionIsRecognisedOverAnotherLinkAndWhatIsMissingBehindItToo() {
        assertThat(publishers.take(0, 1, 5, 4)).isEqualTo(NEXT);
        assertThat(publishers.take(1, 1, 5, 4)).isEqualTo(REPEATED);
        assertThat(publishers.take(1, 1, 8, 7)).isEqualTo(BEHIND_A_HOLE);
    }
}
