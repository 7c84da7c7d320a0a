package dev.channels.cdi.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Position;
import dev.channels.cdi.event.OnceState.Change;
import dev.channels.spi.ChannelLeases.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OnceStateTest {

    private static final Change<Reading> NONE = new Change<>(null, null);
    private static final long LIFETIME = 10;

    private final List<Reading> made = new ArrayList<>();
    private final OnceState<Reading> state =
            new OnceState<>(Duration.ofNanos(LIFETIME), this::make);

    /** Told apart by its identity. */
    private static final class Reading {
        private final @Nullable Position from;

        Reading(@Nullable Position from) {
            this.from = from;
        }
    }

    private Reading make(@Nullable Position from) {
        Reading reading = new Reading(from);
        made.add(reading);
        return reading;
    }

    private static Position at(long offset) {
        return new Position("epoch", offset);
    }

    private Reading begun(@Nullable Position remembered, long asked) {
        Change<Reading> change = state.answered(new Lease(true, remembered), asked);
        assertThat(change.ended()).isNull();
        assertThat(change.begun()).isNotNull();
        return change.begun();
    }

    @Test
    void whoHasTheLeaseReadsOnWhereItStandsForAsLongAsItLasts() {
        Reading reading = begun(at(7), 100);
        assertThat(reading.from).isEqualTo(at(7));
        assertThat(state.mayRead(reading, 100 + LIFETIME - 1)).isTrue();
        assertThat(state.mayRead(reading, 100 + LIFETIME)).isFalse();
        assertThat(state.answered(new Lease(true, at(7)), 105)).isEqualTo(NONE);
        assertThat(state.mayRead(reading, 105 + LIFETIME - 1)).isTrue();
        // An answer that comes late to an older question takes nothing away.
        state.hold(101);
        assertThat(state.mayRead(reading, 105 + LIFETIME - 1)).isTrue();
        assertThat(made).hasSize(1);
    }

    @Test
    void whoLosesTheLeaseEndsAndBeginsAfterWhatEitherSideKnows() {
        Reading first = begun(null, 0);
        assertThat(first.from).isNull();
        state.done(at(3));
        assertThat(state.answered(Lease.TAKEN, 5)).isEqualTo(new Change<>(first, null));
        assertThat(state.mayRead(first, 5)).isFalse();
        assertThat(state.answered(Lease.TAKEN, 6)).isEqualTo(NONE);
        Reading second = begun(at(2), 7);
        assertThat(second.from).isEqualTo(at(3));
        assertThat(state.forget(second)).isTrue();
        assertThat(state.forget(second)).isFalse();
        assertThat(begun(at(9), 8).from).isEqualTo(at(9));
    }

    /** The clock of a JVM may stand anywhere, also below zero. */
    @Test
    void leaseThatWasNeverHadIsNoneWhateverTheClockSays() {
        Reading reading = begun(null, Long.MIN_VALUE + 5);
        assertThat(state.mayRead(reading, Long.MIN_VALUE + 6)).isTrue();
        assertThat(state.mayRead(new Reading(null), Long.MIN_VALUE + 6)).isFalse();
    }

    @Test
    void readingThatHasDroppedEventsIsFollowedByOneThatGoesOnWhereItStands() {
        Reading first = begun(null, 0);
        assertThat(state.readAgain(new Reading(null))).isNull();
        state.done(at(4));
        Reading second = state.readAgain(first);
        assertThat(second).isNotNull();
        assertThat(second.from).isEqualTo(at(4));
        assertThat(state.mayRead(first, 1)).isFalse();
        assertThat(state.mayRead(second, 1)).isTrue();
        assertThat(state.readAgain(first)).isNull();
    }

    @Test
    void readingThatHasDroppedEventsBeforeTheFirstWaitsForTheNextAnswer() {
        Reading first = begun(null, 0);
        assertThat(state.readAgain(first)).isNull();
        assertThat(state.mayRead(first, 1)).isFalse();
        assertThat(begun(null, 2)).isNotSameAs(first);
    }

    @Test
    void nothingBeginsAfterTheEnd() {
        state.end();
        assertThat(state.answered(new Lease(true, at(1)), 0)).isEqualTo(NONE);
        assertThat(state.answered(Lease.TAKEN, 0)).isEqualTo(NONE);
        assertThat(made).isEmpty();
    }
}
