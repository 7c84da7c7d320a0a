package dev.channels.internal.node;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.events;
import static dev.channels.test.Events.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailTest {

    private static final int ALL = Integer.MAX_VALUE;

    private final HistoryBudget budget = new HistoryBudget(1 << 20);
    private final Tail tail = new Tail(budget);

    private List<Long> after(long offset) {
        List<ChannelEvent> found = tail.after(new Position("epoch", offset), 1_000);
        return found == null ? null : offsets(found);
    }

    @Test
    void whatIsReadToThePresentIsKept() {
        tail.fill(events("a", 3, 5), true, 0);
        assertThat(after(2)).containsExactly(3L, 4L, 5L);
        assertThat(after(1)).isNull();
        tail.append(event("a", 6));
        assertThat(after(4)).containsExactly(5L, 6L);
    }

    @Test
    void aPageInTheMiddleIsKeptInFrontWhereItFits() {
        tail.fill(events("a", 1, 3), false, 0);
        assertThat(tail.end()).as("nothing says what follows it").isNull();
        tail.append(event("a", 8));
        tail.fill(events("a", 4, 6), false, 0);
        assertThat(after(7)).as("7 is missing").containsExactly(8L);
        assertThat(after(6)).isNull();
        tail.fill(events("a", 5, 9), false, 0);
        assertThat(after(4)).containsExactly(5L, 6L, 7L, 8L);
        tail.fill(events("a", 2, 4), false, 0);
        assertThat(after(1)).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(offsets(tail.last(3))).containsExactly(6L, 7L, 8L);
    }

    @Test
    void aPageOfAnotherEpochIsNotKept() {
        tail.append(event("a", "new", 4));
        tail.fill(events("a", 1, 3), false, 0);
        assertThat(after(1)).isNull();
        assertThat(tail.last(ALL)).isNull();
    }

    @Test
    void whatWasReadBeforeAClearanceIsNotKept() {
        tail.append(event("a", 4));
        int before = tail.clearances();
        budget.free(tail.clear());
        tail.append(event("a", 5));
        tail.fill(events("a", 1, 4), false, before);
        assertThat(after(3)).isNull();
        tail.fill(events("a", 1, 4), false, tail.clearances());
        assertThat(after(0)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void theBoundTakesTheOldest() {
        HistoryBudget small = new HistoryBudget(3 * (128 + 1));
        Tail bounded = new Tail(small);
        bounded.append(event("a", 5));
        bounded.fill(events("a", 1, 4), false, 0);
        assertThat(offsets(bounded.last(3))).containsExactly(3L, 4L, 5L);
        assertThat(bounded.after(new Position("epoch", 1), ALL)).isNull();
        assertThat(small.bytes()).isEqualTo(3 * (128 + 1));
    }
}
