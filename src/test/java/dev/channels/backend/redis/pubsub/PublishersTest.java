package dev.channels.backend.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PublishersTest {

    private final Publishers publishers = new Publishers();

    @Test
    void recognisesARepetition() {
        assertThat(publishers.isNew(1, 5)).isTrue();
        assertThat(publishers.isNew(1, 7)).isTrue();
        assertThat(publishers.isNew(1, 5)).isFalse();
        assertThat(publishers.isNew(1, 7)).isFalse();
        assertThat(publishers.isNew(1, 8)).isTrue();
    }

    @Test
    void tellsPublishersApart() {
        assertThat(publishers.isNew(1, 5)).isTrue();
        assertThat(publishers.isNew(2, 5)).isTrue();
        assertThat(publishers.isNew(2, 4)).isFalse();
    }

    @Test
    void forgetsThoseNotHeardOfForLong() {
        assertThat(publishers.isNew(1, 5)).isTrue();
        for (int other = 2; other < 65; other++) {
            publishers.isNew(other, 1);
        }
        assertThat(publishers.isNew(1, 5)).isFalse();
        for (int other = 100; other < 164; other++) {
            publishers.isNew(other, 1);
        }
        assertThat(publishers.isNew(1, 5)).isTrue();
    }
}
