package dev.channels.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.client.session.CommandRate.Verdict;
import dev.channels.client.session.Liveness.Due;
import org.junit.jupiter.api.Test;

class LivenessTest {

    /** Times near the overflow of the clock, which may begin anywhere. */
    private static final long BEGIN = Long.MAX_VALUE - 200;

    private final Liveness liveness = new Liveness(1000, 100, 500, BEGIN);

    @Test
    void aClientThatNeverConnectsIsLate() {
        assertThat(liveness.look(BEGIN + 499)).isEqualTo(Due.NOTHING);
        assertThat(liveness.look(BEGIN + 500)).isEqualTo(Due.LATE);
    }

    @Test
    void pingsWhetherOrNotOtherThingsFlow() {
        liveness.connected(0.5, BEGIN);
        assertThat(liveness.look(BEGIN + 499)).isEqualTo(Due.NOTHING);
        assertThat(liveness.look(BEGIN + 500)).isEqualTo(Due.PING);
        assertThat(liveness.look(BEGIN + 501)).isEqualTo(Due.NOTHING);
        liveness.pong();
        assertThat(liveness.look(BEGIN + 1499)).isEqualTo(Due.NOTHING);
        assertThat(liveness.look(BEGIN + 1500)).isEqualTo(Due.PING);
    }

    @Test
    void aClientThatDoesNotAnswerIsDead() {
        liveness.connected(1, BEGIN);
        // One that nobody asked for does not count.
        liveness.pong();
        assertThat(liveness.look(BEGIN + 1000)).isEqualTo(Due.PING);
        assertThat(liveness.look(BEGIN + 1099)).isEqualTo(Due.NOTHING);
        assertThat(liveness.look(BEGIN + 1100)).isEqualTo(Due.DEAD);
    }

    @Test
    void aRateAllowsABurstAndThenSoManyASecond() {
        CommandRate rate = new CommandRate(10, 5, BEGIN);
        for (int i = 0; i < 15; i++) {
            assertThat(rate.next(BEGIN)).isEqualTo(Verdict.TAKEN);
        }
        assertThat(rate.next(BEGIN)).isEqualTo(Verdict.REFUSED);
        assertThat(rate.next(BEGIN + 100_000_000)).isEqualTo(Verdict.TAKEN);
        assertThat(rate.next(BEGIN + 100_000_000)).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void whoGoesOnAfterRefusalsIsAFlood() {
        CommandRate rate = new CommandRate(10, 5, BEGIN);
        Verdict last = Verdict.TAKEN;
        for (int i = 0; i < 31; i++) {
            last = rate.next(BEGIN);
        }
        assertThat(last).isEqualTo(Verdict.FLOOD);
    }

    @Test
    void whoIsPatientIsServedForEver() {
        CommandRate rate = new CommandRate(10, 0, 0);
        for (int i = 0; i < 1000; i++) {
            assertThat(rate.next(i * 100_000_001L)).isEqualTo(Verdict.TAKEN);
        }
    }
}
