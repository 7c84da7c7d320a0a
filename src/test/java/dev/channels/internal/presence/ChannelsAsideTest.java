package dev.channels.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ChannelsAsideTest {

    private final ChannelsAside aside = new ChannelsAside();

    /** Refuses the channel, and counts after how many intervals it is to be told again. */
    private int pause() {
        aside.set("foo");
        assertThat(aside.isLeftAlone("foo")).isTrue();
        int intervals = 1;
        while (!aside.endInterval().contains("foo")) {
            intervals++;
        }
        aside.endPause("foo");
        assertThat(aside.isLeftAlone("foo")).isFalse();
        return intervals;
    }

    @Test
    void pausesGrowUpToABound() {
        int[] pauses = {pause(), pause(), pause(), pause(), pause(), pause(), pause()};
        assertThat(pauses).containsExactly(1, 2, 4, 8, 16, 16, 16);
    }

    @Test
    void channelThatWasTakenBeginsAnew() {
        pause();
        pause();
        aside.forget(Set.of("foo", "bar"));
        assertThat(aside.channels()).isEmpty();
        assertThat(pause()).isEqualTo(1);
    }

    @Test
    void channelOutOfItsPauseIsStillOneOfThem() {
        pause();
        assertThat(aside.channels()).containsExactly("foo");
        assertThat(aside.endInterval()).isEmpty();
    }
}
