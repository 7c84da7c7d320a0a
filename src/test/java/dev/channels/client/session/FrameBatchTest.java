package dev.channels.client.session;

import static dev.channels.client.session.Wire.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.stream.FrameBatch;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FrameBatchTest {

    private final Wire wire = new Wire().connects().subscribes("a");

    @Test
    void whatComesWhileAFrameIsInFlightSharesTheNextOne() {
        wire.slow = true;
        wire.answered = 0;
        wire.answers = 0;
        wire.delivers(event("a", 1, "1"));
        for (int i = 2; i <= 100; i++) {
            wire.delivers(event("a", i, "1"));
        }
        assertThat(wire.sent).hasSize(1);
        assertThat(wire.answered).isZero();
        wire.frameWritten();
        assertThat(wire.answered).isEqualTo(1);
        assertThat(wire.sent).hasSize(2);
        assertThat(wire.sent.get(1).split("\n")).hasSize(FrameBatch.MAX_MESSAGES);
        wire.frameWritten();
        assertThat(wire.sent.get(2).split("\n")).hasSize(99 - FrameBatch.MAX_MESSAGES);
        wire.frameWritten();
        assertThat(wire.sent).hasSize(3);
        assertThat(wire.answered).isEqualTo(100);
        assertThat(wire.answers).as("one for each frame").isEqualTo(3);
    }

    @Test
    void aFrameIsBoundedInSize() {
        wire.slow = true;
        wire.delivers(event("a", 1, "1"));
        String large = "\"" + "x".repeat(FrameBatch.MAX_SIZE / 2) + "\"";
        wire.delivers(event("a", 2, large), event("a", 3, large), event("a", 4, large + "1"));
        wire.frameWritten();
        assertThat(wire.sent.get(1)).contains("\"offset\":2").doesNotContain("\"offset\":3");
        wire.frameWritten();
        assertThat(wire.sent.get(2)).contains("\"offset\":3").doesNotContain("\"offset\":4");
    }

    @Test
    void doesNotRecurse() {
        for (int i = 1; i <= 10_000; i++) {
            wire.outgoing.send(event("a", i, "1"), wire);
        }
        wire.outgoing.flush();
        assertThat(wire.sent).hasSize(10_000 / FrameBatch.MAX_MESSAGES + 1);
    }

    @Test
    void closesWhenEverythingHasBeenWritten() {
        wire.slow = true;
        wire.delivers(event("a", 1, "1"), event("a", 2, "2"));
        wire.delivers(event("a", 3, "3"));
        wire.outgoing.ended(null);
        assertThat(wire.closed).isNull();
        wire.frameWritten();
        assertThat(wire.closed).isNull();
        assertThat(wire.sent).hasSize(2);
        wire.frameWritten();
        assertThat(wire.closed).isEqualTo(DisconnectCode.SHUTDOWN);
    }

    @Test
    void aClientWhoseWindowIsAlwaysFullEndsAllTheSame() {
        wire.slow = true;
        for (int i = 1; i <= 2 * FrameBatch.MAX_MESSAGES; i++) {
            wire.delivers(event("a", i, "1"));
        }
        wire.session.disconnectByServer(DisconnectCode.EXPIRED);
        assertThat(wire.session.ending()).isEqualTo(DisconnectCode.EXPIRED);
        assertThat(wire.left).containsExactly("a");
        for (int i = 1_000; i < 1_010 && wire.inFlight != null; i++) {
            wire.delivers(event("a", i, "1"));
            wire.frameWritten();
        }
        assertThat(wire.closed).isEqualTo(DisconnectCode.EXPIRED);
        assertThat(wire.sent).noneMatch(frame -> frame.contains("\"offset\":1000"));
    }

    @Test
    void whatComesAfterTheEndWasDecidedIsAnsweredAndNotSent() {
        wire.slow = true;
        wire.delivers(event("a", 1, "1"));
        wire.answered = 0;
        wire.batch.endAfterAll(DisconnectCode.EXPIRED);
        wire.delivers(event("a", 2, "2"));
        assertThat(wire.answered).isEqualTo(1);
        wire.frameWritten();
        assertThat(wire.sent).hasSize(1);
        assertThat(wire.closed).isEqualTo(DisconnectCode.EXPIRED);
    }

    @Test
    void aWriteThatFailsWithAnErrorFailsTheStream() {
        wire.slow = true;
        wire.delivers(event("a", 1, "1"));
        wire.delivers(event("a", 2, "2"));
        wire.broken = new StackOverflowError("deep");
        wire.frameWritten();
        assertThat(wire.failure).isSameAs(wire.broken);
    }

    @Test
    void closesAtOnceWhereTheStreamFails() {
        wire.slow = true;
        wire.delivers(event("a", 1, "1"));
        wire.delivers(event("a", 2, "2"));
        wire.outgoing.ended(new ChannelsException(ErrorCode.EVENTS_DROPPED, "slow"));
        assertThat(wire.closed).isEqualTo(DisconnectCode.SLOW);
        wire.frameWritten();
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void tellsTheStreamThatTheConnectionIsGone() {
        wire.slow = true;
        wire.delivers(event("a", 1, "1"));
        wire.inFlight.failed(new IOException("gone"));
        assertThat(wire.failure).hasMessage("gone");
        wire.delivers(event("a", 2, "2"));
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void anEventThatIsNoTextHarmsNoOther() {
        wire.delivers(
                event("a", 1, "1"),
                new dev.channels.ChannelEvent(
                        "a", new dev.channels.Position(Wire.EPOCH, 2), new byte[] {(byte) 0xC0}),
                event("a", 3, "3"));
        assertThat(wire.skipped).isEqualTo(1);
        assertThat(wire.sent.get(0).split("\n")).hasSize(2);
    }
}
