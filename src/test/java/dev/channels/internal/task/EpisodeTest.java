package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class EpisodeTest {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Episode episode = new Episode(clock::get);

    @Test
    void itsFirstTimeIsToldAndTheOthersAreCounted() {
        assertThat(episode.isUnderWay()).isFalse();
        assertThat(episode.end()).isEqualTo(-1);
        assertThat(episode.begin()).isTrue();
        assertThat(episode.begin()).isFalse();
        assertThat(episode.begin()).isFalse();
        assertThat(episode.isUnderWay()).isTrue();
        clock.addAndGet(Episode.QUIET_NANOS - 1);
        assertThat(episode.end()).as("too early").isEqualTo(-1);
        clock.incrementAndGet();
        assertThat(episode.end()).isEqualTo(2);
        assertThat(episode.end()).isEqualTo(-1);
        assertThat(episode.isUnderWay()).isFalse();
        assertThat(episode.begin()).isTrue();
    }

    @Test
    void whatComesAndGoesIsOneEpisode() {
        assertThat(episode.begin()).isTrue();
        for (int i = 0; i < 1_000; i++) {
            clock.addAndGet(Episode.QUIET_NANOS / 2);
            assertThat(episode.end()).isEqualTo(-1);
            assertThat(episode.begin()).isFalse();
        }
        clock.addAndGet(Episode.QUIET_NANOS);
        assertThat(episode.end()).isEqualTo(1_000);
    }

    @Test
    void itEndsByItselfWhereNobodyEndsIt() {
        assertThat(episode.begin()).isTrue();
        clock.addAndGet(Episode.QUIET_NANOS);
        assertThat(episode.begin()).isTrue();
        assertThat(episode.begin()).isFalse();
    }

    @Test
    void aLongOneIsToldOnTheWay() {
        assertThat(episode.begin()).isTrue();
        assertThat(episode.begin()).isFalse();
        assertThat(episode.goesOn(MINUTE)).as("too early").isZero();
        clock.addAndGet(MINUTE);
        assertThat(episode.goesOn(MINUTE)).isEqualTo(1);
        assertThat(episode.goesOn(MINUTE)).isZero();
        clock.addAndGet(MINUTE);
        assertThat(episode.goesOn(MINUTE)).as("none more").isZero();
        assertThat(new Episode(clock::get).goesOn(0)).as("none under way").isZero();
    }

    @Test
    void oneOfManyThreadsBeginsIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        AtomicInteger begun = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            threads.execute(
                    () -> {
                        for (int j = 0; j < 10_000; j++) {
                            if (episode.begin()) {
                                begun.incrementAndGet();
                            }
                        }
                    });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(begun).hasValue(1);
        clock.addAndGet(Episode.QUIET_NANOS);
        assertThat(episode.end()).isEqualTo(39_999);
    }
}
