package dev.channels.backend.postgresql.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.postgresql.read.ReadPosition.Finding;
import org.junit.jupiter.api.Test;

final class ReadPositionTest {

    private static final long ROW = 17;

    private static ReadPosition following(long offset) {
        ReadPosition position = new ReadPosition("c");
        position.begin("e", ROW, offset);
        return position;
    }

    @Test
    void everythingIsNewsOfAChannelThatWasNotThere() {
        ReadPosition position = new ReadPosition("c");
        assertThat(position.isUnborn()).isTrue();
        assertThat(position.align("e", ROW, 0, 5)).isEqualTo(Finding.CONTINUES);
        assertThat(position.offset()).isZero();
        assertThat(position.isUnborn()).isFalse();
    }

    @Test
    void goesOnWhereItWas() {
        ReadPosition position = following(3);
        assertThat(position.hasNews("e", ROW, 3)).isFalse();
        assertThat(position.hasNews("e", ROW, 4)).isTrue();
        assertThat(position.align("e", ROW, 0, 5)).isEqualTo(Finding.CONTINUES);
        assertThat(position.offset()).isEqualTo(3);
        position.seen(5);
        assertThat(position.hasNews("e", ROW, 5)).isFalse();
    }

    @Test
    void anotherRowIsAGapAndAllItsEventsAreNew() {
        ReadPosition position = following(3);
        assertThat(position.hasNews("e", 18, 3)).isTrue();
        assertThat(position.align("e", 18, 0, 2)).isEqualTo(Finding.GAP);
        assertThat(position.offset()).isZero();
        assertThat(position.align("e", 18, 0, 2)).isEqualTo(Finding.CONTINUES);
    }

    @Test
    void inANewEpochEventsAfterItsBeginningAreNew() {
        ReadPosition ahead = following(500);
        assertThat(ahead.align("f", ROW, 400, 600)).isEqualTo(Finding.GAP);
        assertThat(ahead.offset()).isEqualTo(400);
        ReadPosition behind = following(350);
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
        ReadPosition position = following(5);
        position.unborn();
        assertThat(position.align("e", 18, 0, 1)).isEqualTo(Finding.CONTINUES);
        assertThat(position.offset()).isZero();
    }
}
