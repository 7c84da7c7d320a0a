package dev.channels.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.session.SessionState.Step;
import org.junit.jupiter.api.Test;

class SessionStateTest {

    private final SessionState state = new SessionState();

    @Test
    void commandsWaitUntilTheClientIsLetIn() {
        assertThat(state.next()).isEqualTo(Step.CONNECT);
        state.connect();
        assertThat(state.next()).isEqualTo(Step.WAIT);
        assertThat(state.isConnected()).isFalse();
        assertThat(state.decide(true)).isTrue();
        assertThat(state.next()).isEqualTo(Step.CARRY_OUT);
        assertThat(state.isConnected()).isTrue();
        assertThat(state.isDeaf()).isFalse();
    }

    @Test
    void nothingIsReadOfAClientThatIsRefused() {
        state.connect();
        assertThat(state.decide(false)).isTrue();
        assertThat(state.next()).isEqualTo(Step.IGNORE);
        assertThat(state.isDeaf()).isTrue();
        assertThat(state.isOver()).isFalse();
    }

    @Test
    void decisionThatComesTooLateDoesNotMatter() {
        assertThat(state.decide(true)).isFalse();
        state.connect();
        state.end();
        assertThat(state.decide(true)).isFalse();
        assertThat(state.next()).isEqualTo(Step.IGNORE);
    }

    @Test
    void clientThatSaysTooMuchIsNotHeardAgainBecauseItIsLetIn() {
        state.connect();
        state.stopReading();
        state.decide(true);
        assertThat(state.isDeaf()).isTrue();
    }

    @Test
    void firstReasonForTheEndCounts() {
        assertThat(state.ending()).isNull();
        assertThat(state.disconnect(DisconnectCode.EXPIRED)).isTrue();
        assertThat(state.disconnect(DisconnectCode.BAD_REQUEST)).isFalse();
        assertThat(state.ending()).isEqualTo(DisconnectCode.EXPIRED);
        assertThat(state.isOver()).isTrue();
        assertThat(state.isDeaf()).isTrue();
    }

    @Test
    void connectionThatEndsByItselfHasNoReason() {
        state.end();
        assertThat(state.disconnect(DisconnectCode.EXPIRED)).isFalse();
        assertThat(state.ending()).isNull();
    }
}
