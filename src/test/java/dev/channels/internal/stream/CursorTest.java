package dev.channels.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Position;
import org.junit.jupiter.api.Test;

class CursorTest {

    private static Position at(long offset) {
        return new Position("epoch", offset);
    }

    @Test
    void liveEventsAreNeverCoveredByLiveEvents() {
        Cursor cursor = Cursor.ofLive(at(5));
        assertThat(cursor.covers(at(6))).isFalse();
        assertThat(cursor.covers(at(5))).isFalse();
    }

    @Test
    void liveEventsWithinTheHistoryAreCovered() {
        Cursor cursor = Cursor.ofHistory(at(3), at(5));
        assertThat(cursor.covers(at(4))).isTrue();
        assertThat(cursor.covers(at(5))).isTrue();
        assertThat(cursor.covers(at(6))).isFalse();
    }

    @Test
    void onlyHistoryBeforeTheFirstEventGivenIsNew() {
        Cursor cursor = Cursor.ofLive(at(5));
        assertThat(cursor.isNewHistory(at(4))).isTrue();
        assertThat(cursor.isNewHistory(at(5))).isFalse();
        assertThat(cursor.isNewHistory(at(6))).isFalse();
    }

    @Test
    void historyThatWasGivenIsNotNewAgain() {
        Cursor cursor = Cursor.ofLive(at(5));
        cursor.give(at(3), at(4));
        assertThat(cursor.isNewHistory(at(3))).isFalse();
        assertThat(cursor.isNewHistory(at(2))).isTrue();
    }

    @Test
    void liveEventOfNewEpochIsNotCovered() {
        Cursor cursor = Cursor.ofHistory(at(3), at(5));
        assertThat(cursor.covers(new Position("next", 1))).isFalse();
    }

    @Test
    void historyOfAnOldEpochCoversNothingOfTheNewOne() {
        Cursor cursor = Cursor.ofHistory(at(3), at(5));
        assertThat(cursor.covers(new Position("next", 1))).isFalse();
        assertThat(cursor.covers(new Position("next", 2))).isFalse();
        assertThat(cursor.covers(new Position("next", 9))).isFalse();
    }

    @Test
    void historyOfNewEpochIsOnlyNewBeforeItsFirstLiveEvent() {
        Cursor cursor = Cursor.ofLive(at(5));
        assertThat(cursor.covers(new Position("next", 4))).isFalse();
        assertThat(cursor.isNewHistory(new Position("next", 3))).isTrue();
        assertThat(cursor.isNewHistory(new Position("next", 4))).isFalse();
        assertThat(cursor.isNewHistory(new Position("next", 5))).isFalse();
    }

    @Test
    void lateHistoryOfAnOldEpochDoesNotMakeTheNewOneNew() {
        Cursor cursor = Cursor.ofLive(new Position("next", 1));
        assertThat(cursor.isNewHistory(at(9))).isTrue();
        cursor.give(at(9), at(9));
        assertThat(cursor.isNewHistory(new Position("next", 1))).isFalse();
    }

    @Test
    void historyAheadOfTheLiveEventsOfItsEpochCoversThem() {
        Cursor cursor = Cursor.ofLive(at(100));
        cursor.give(new Position("next", 2), new Position("next", 3));
        assertThat(cursor.isNewHistory(new Position("next", 3))).isFalse();
        assertThat(cursor.isNewHistory(new Position("next", 1))).isTrue();
        cursor.give(new Position("next", 1), new Position("next", 1));
        assertThat(cursor.covers(at(101))).isFalse();
        assertThat(cursor.covers(new Position("next", 1))).isTrue();
        assertThat(cursor.covers(new Position("next", 3))).isTrue();
        assertThat(cursor.covers(new Position("next", 4))).isFalse();
        assertThat(cursor.isNewHistory(new Position("next", 1))).isFalse();
    }
}
