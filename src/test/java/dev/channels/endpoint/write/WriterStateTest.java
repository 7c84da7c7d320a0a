package dev.channels.endpoint.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.EventSender.Completion;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection.Health;
import dev.channels.endpoint.write.WriterState.Step;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriterStateTest {

    private static final long TIMEOUT = 10;
    private static final Frame FRAME = new Frame("foo", null, 3);
    private static final Completion DONE =
            new Completion() {
                @Override
                public void sent() {}

                @Override
                public void skipped(Throwable cause) {}

                @Override
                public void failed(Throwable cause) {}
            };

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final WriterState state = new WriterState(TIMEOUT, clock::get);

    @Test
    void sessionWithNothingInFlightIsClosedAtItsEnd() {
        assertThat(state.begin(FRAME, DONE)).isEqualTo(Step.SEND);
        assertThat(state.completeOne()).isFalse();
        assertThat(state.end(Ending.EXPIRED)).isTrue();
        assertThat(state.begin(FRAME, DONE)).isEqualTo(Step.REFUSE);
        assertThat(state.end(Ending.STOPPING)).isFalse();
        assertThat(state.ending()).isEqualTo(Ending.EXPIRED);
    }

    @Test
    void lastOfTheSendsInFlightClosesASessionThatIsEnding() {
        state.begin(FRAME, DONE);
        state.begin(FRAME, DONE);
        assertThat(state.end(Ending.EXPIRED)).isFalse();
        assertThat(state.begin(FRAME, DONE)).isEqualTo(Step.REFUSE);
        assertThat(state.completeOne()).isFalse();
        assertThat(state.completeOne()).isTrue();
    }

    @Test
    void whoIsClosedTellsTheStreamOnceAndAwaitsNoSend() {
        assertThat(state.completion()).isNull();
        state.begin(FRAME, DONE);
        state.end(Ending.EXPIRED);
        assertThat(state.close()).isSameAs(DONE);
        assertThat(state.close()).isNull();
        assertThat(state.completeOne()).isFalse();
    }

    @Test
    void reasonGivenFirstIsKept() {
        state.giveReason(Ending.NOT_READING);
        state.giveReason(Ending.STOPPING);
        assertThat(state.ending()).isEqualTo(Ending.NOT_READING);
    }

    @Test
    void frameWaitsForAPingThatIsAlone() {
        assertThat(state.beginPing()).isTrue();
        assertThat(state.begin(FRAME, DONE)).isEqualTo(Step.WAIT);
        assertThat(state.endPing()).isSameAs(FRAME);
        assertThat(state.completeOne()).isFalse();
        assertThat(state.endPing()).isNull();
        assertThat(state.hasRoomForPing(true)).isFalse();
        assertThat(state.hasRoomForPing(false)).isTrue();
        assertThat(state.beginPing()).isFalse();
    }

    @Test
    void frameThatWaitedIsNotSentToASessionThatWasClosedMeanwhile() {
        state.beginPing();
        state.begin(FRAME, DONE);
        state.close();
        assertThat(state.endPing()).isNull();
        assertThat(state.beginPing()).isFalse();
    }

    private @Nullable Health lookAfter(long nanos) {
        return state.look(clock.addAndGet(nanos));
    }

    /** The clock of a JVM may pass its greatest number. */
    @Test
    void sendThatLastsTooLongIsStuckAndACloseThatDoesIsGone() {
        assertThat(lookAfter(2 * TIMEOUT)).isNull();
        state.begin(FRAME, DONE);
        assertThat(lookAfter(TIMEOUT)).isNull();
        assertThat(lookAfter(1)).isEqualTo(Health.STUCK);
        state.close();
        assertThat(lookAfter(TIMEOUT)).isEqualTo(Health.FINE);
        assertThat(lookAfter(1)).isEqualTo(Health.GONE);
    }

    @Test
    void endOfASendGivesTheOthersTheirTimeAgain() {
        state.begin(FRAME, DONE);
        clock.addAndGet(TIMEOUT);
        state.begin(FRAME, DONE);
        assertThat(lookAfter(1)).isEqualTo(Health.STUCK);
        state.completeOne();
        assertThat(lookAfter(TIMEOUT)).isNull();
        assertThat(lookAfter(1)).isEqualTo(Health.STUCK);
        state.completeOne();
        assertThat(lookAfter(2 * TIMEOUT)).isNull();
    }

    @Test
    void pingThatNoSendMayOverlapIsLookedAtLikeASend() {
        state.beginPing();
        assertThat(lookAfter(TIMEOUT + 1)).isEqualTo(Health.STUCK);
    }
}
