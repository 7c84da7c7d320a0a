package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {

    private static final Duration FIRST = Duration.ofMillis(100);

    @Test
    void doublesUpToTheBound() {
        Backoff backoff = new Backoff(FIRST, Duration.ofSeconds(1), () -> 1);
        assertThat(IntStream.range(0, 6).mapToLong(i -> backoff.next().toMillis()))
                .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(FIRST);
    }

    @Test
    void leavesOutUpToHalf() {
        Backoff backoff = new Backoff(FIRST, Duration.ofSeconds(1), () -> 0);
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(50));
        IntStream.range(0, 100).forEach(i -> backoff.next());
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void isNeverLongerThanTheLongest() {
        Backoff backoff = new Backoff(FIRST, Duration.ofMillis(30), () -> 1);
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(30));
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void hasARandomGeneratorOfItsOwn() {
        Backoff backoff = new Backoff(FIRST, FIRST);
        assertThat(IntStream.range(0, 100).mapToLong(i -> backoff.next().toNanos()))
                .allSatisfy(delay -> assertThat(delay).isBetween(50_000_000L, 100_000_000L))
                .doesNotHaveDuplicates();
    }

    @Test
    void waits() {
        assertThatThrownBy(() -> new Backoff(FIRST, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
    }
}
