package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.postgresql.Track.Finding;
import org.junit.jupiter.api.Test;

final class TrackTest {

    private static final long ROW = 17;

    private static Track following(long offset) {
        Track track = new Track("c");
        track.begin("e", ROW, offset);
        return track;
    }

    @Test
    void everythingIsNewsOfAChannelThatWasNotThere() {
        Track track = new Track("c");
        assertThat(track.isUnborn()).isTrue();
        assertThat(track.align("e", ROW, 0, 5)).isEqualTo(Finding.CONTINUES);
        assertThat(track.offset()).isZero();
        assertThat(track.isUnborn()).isFalse();
    }

    @Test
    void goesOnWhereItWas() {
        Track track = following(3);
        assertThat(track.hasNews("e", ROW, 3)).isFalse();
        assertThat(track.hasNews("e", ROW, 4)).isTrue();
        assertThat(track.align("e", ROW, 0, 5)).isEqualTo(Finding.CONTINUES);
        assertThat(track.offset()).isEqualTo(3);
        track.seen(5);
        assertThat(track.hasNews("e", ROW, 5)).isFalse();
    }

    @Test
    void anotherRowIsAGapAndAllItsEventsAreNew() {
        Track track = following(3);
        assertThat(track.hasNews("e", 18, 3)).isTrue();
        assertThat(track.align("e", 18, 0, 2)).isEqualTo(Finding.GAP);
        assertThat(track.offset()).isZero();
        assertThat(track.align("e", 18, 0, 2)).isEqualTo(Finding.CONTINUES);
    }

    @Test
    void inANewEpochEventsAfterItsBeginningAreNew() {
        Track ahead = following(500);
        assertThat(ahead.align("f", ROW, 400, 600)).isEqualTo(Finding.GAP);
        assertThat(ahead.offset()).isEqualTo(400);
        Track behind = following(350);
        assertThat(behind.align("f", ROW, 400, 600)).isEqualTo(Finding.GAP);
        assertThat(behind.offset()).isEqualTo(350);
        assertThat(behind.align("f", ROW, 400, 600)).isEqualTo(Finding.CONTINUES);
    }

    @Test
    void aRowBehindTheReaderNeedsANewEpoch() {
        assertThat(following(5).align("e", ROW, 0, 4)).isEqualTo(Finding.BEHIND);
    }

    @Test
    void beginsAnewWhenTheRowIsGone() {
        Track track = following(5);
        track.unborn();
        assertThat(track.align("e", 18, 0, 1)).isEqualTo(Finding.CONTINUES);
        assertThat(track.offset()).isZero();
    }
}
