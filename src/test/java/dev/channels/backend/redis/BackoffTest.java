package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {

    @Test
    void doublesUpToTheBound() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), () -> 1);
        assertThat(IntStream.range(0, 6).mapToLong(i -> backoff.next().toMillis()))
                .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void leavesOutUpToHalf() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), () -> 0);
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(50));
        IntStream.range(0, 100).forEach(i -> backoff.next());
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
    }
}
