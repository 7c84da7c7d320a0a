package dev.channels.cdi.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Joined;
import dev.channels.Position;
import dev.channels.cdi.event.FamilyState.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FamilyStateTest {

    private static final long IDLE = 100;

    private final FamilyState state =
            new FamilyState(new FamilyState.Bounds(2, 3, 2, Duration.ofNanos(IDLE)));

    private static Position at(long offset) {
        return new Position("epoch", offset);
    }

    private static Step join(String channel, long after) {
        return new Step(channel, at(after));
    }

    private static Step leave(String channel) {
        return new Step(channel, null);
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Step step = state.next(); step != null; step = state.next()) {
            steps.add(step);
        }
        return steps;
    }

    /** Follows a channel, all of whose events have come. */
    private void follow(String channel, long upTo, long now) {
        assertThat(state.told(channel, at(upTo - 1), now)).isTrue();
        assertThat(state.came(channel, at(upTo), now)).isTrue();
    }

    @Test
    void channelIsJoinedOnceAfterWhatWasTold() {
        assertThat(state.told("a", at(4), 1)).isTrue();
        assertThat(state.told("a", at(5), 1)).isTrue();
        assertThat(steps()).containsExactly(join("a", 4));
    }

    @Test
    void channelThatIsSettledMakesRoomTheOneLongestAgoFirst() {
        follow("a", 1, 1);
        follow("b", 1, 2);
        follow("a", 2, 3);
        follow("c", 1, 4);
        assertThat(steps()).containsExactly(join("a", 0), join("b", 0), leave("b"), join("c", 0));
    }

    @Test
    void channelOfWhichMoreIsToComeIsNotLeft() {
        follow("a", 1, 1);
        follow("b", 1, 2);
        state.told("a", at(1), 3);
        state.told("b", at(1), 3);
        steps();
        assertThat(state.told("c", at(7), 4)).isTrue();
        assertThat(steps()).isEmpty();
        assertThat(state.came("b", at(2), 5)).isTrue();
        assertThat(steps()).as("Now there is room").containsExactly(leave("b"), join("c", 7));
    }

    @Test
    void whoWaitsIsJoinedAfterTheFirstThatWasTold() {
        state.told("a", at(0), 1);
        state.told("b", at(0), 1);
        state.told("c", at(3), 1);
        state.told("c", at(4), 1);
        assertThat(state.told("d", at(0), 1)).isTrue();
        assertThat(state.told("e", at(0), 1)).as("Too many wait").isFalse();
        steps();
        state.came("a", at(1), 2);
        assertThat(steps()).containsExactly(leave("a"), join("c", 3));
        state.came("b", at(1), 3);
        assertThat(steps()).containsExactly(leave("b"), join("d", 0));
    }

    @Test
    void whoWaitedIsNotLeftBeforeAllHasComeThatWasTold() {
        state.told("a", at(0), 1);
        state.told("b", at(0), 1);
        state.told("c", at(3), 1);
        state.told("c", at(4), 1);
        state.came("a", at(1), 2);
        state.came("c", at(4), 2);
        steps();
        state.told("d", at(0), 3);
        assertThat(steps()).as("c has one more to come, b its first").isEmpty();
        state.came("c", at(5), 4);
        assertThat(steps()).containsExactly(leave("c"), join("d", 0));
    }

    @Test
    void channelIsJoinedAnewAfterTheLastThatCame() {
        follow("a", 5, 1);
        follow("b", 1, 2);
        follow("c", 1, 3);
        steps();
        state.told("a", at(3), 4);
        assertThat(steps()).as("Not after 3").containsExactly(leave("b"), join("a", 5));
        state.told("b", new Position("other", 0), 5);
        assertThat(steps())
                .as("a is settled: told late")
                .contains(new Step("b", new Position("other", 0)));
    }

    @Test
    void whatWaitedAsItsChannelWasLeftDoesNotComeTwice() {
        follow("a", 1, 1);
        follow("b", 1, 2);
        follow("c", 1, 3);
        assertThat(steps()).contains(leave("a"));
        assertThat(state.came("a", at(2), 4)).as("Waited in the backlog").isTrue();
        state.told("a", at(1), 5);
        assertThat(steps()).contains(join("a", 2));
        assertThat(state.came("a", at(2), 6)).as("Read from the history").isFalse();
        assertThat(state.came("a", at(3), 7)).isTrue();
    }

    @Test
    void whatCameBeforeTheChannelWasLeftDoesNotComeAgain() {
        state.told("a", at(0), 1);
        state.came("a", at(1), 1);
        assertThat(state.came("a", at(1), 1)).isFalse();
        assertThat(state.came("a", new Position("next epoch", 1), 1)).isTrue();
    }

    @Test
    void idleChannelsAreLeftWhenAnotherOneComes() {
        FamilyState roomy =
                new FamilyState(new FamilyState.Bounds(9, 9, 9, Duration.ofNanos(IDLE)));
        roomy.told("a", at(0), 1);
        roomy.came("a", at(1), 1);
        roomy.told("b", at(0), 2);
        assertThat(List.of(roomy.next(), roomy.next())).doesNotContain(leave("a"));
        roomy.told("c", at(0), 1 + IDLE);
        assertThat(List.of(roomy.next(), roomy.next())).containsExactly(leave("a"), join("c", 0));
        roomy.told("d", at(0), 9 + IDLE);
        assertThat(roomy.next()).as("b is to come").isEqualTo(join("d", 0));
    }

    @Test
    void whatIsLostIsNotWaitedFor() {
        state.told("a", at(0), 1);
        state.told("b", at(0), 1);
        state.told("c", at(0), 1);
        state.told("d", at(0), 1);
        steps();
        state.lost("a", 2);
        assertThat(steps()).containsExactly(leave("a"), join("c", 0));
        state.joined(new Joined("b", at(9), false, 0), 3);
        assertThat(steps()).containsExactly(leave("b"), join("d", 0));
        state.lost("c", 4);
        state.told("b", at(8), 4);
        assertThat(steps()).containsExactly(leave("c"), join("b", 9));
    }

    @Test
    void joinThatIsCompleteLosesNothing() {
        state.told("a", at(0), 1);
        state.told("b", at(0), 1);
        steps();
        state.joined(new Joined("a", at(0), true, 1), 2);
        state.told("c", at(0), 3);
        assertThat(steps()).as("a is to come").isEmpty();
    }

    @Test
    void whatIsRefusedIsTriedAgainWhereItWasToBegin() {
        state.told("a", at(2), 1);
        steps();
        state.refused("a", 1);
        state.told("a", at(3), 2);
        assertThat(steps()).containsExactly(join("a", 2));
    }

    @Test
    void whatWasLeftLongestAgoIsForgotten() {
        for (String channel : List.of("a", "b", "c", "d", "e", "f")) {
            follow(channel, 5, 1);
        }
        steps();
        state.told("a", at(3), 2);
        assertThat(steps()).contains(join("a", 3));
        state.told("d", at(3), 2);
        state.came("a", at(4), 2);
        assertThat(steps()).contains(join("d", 5));
    }
}
