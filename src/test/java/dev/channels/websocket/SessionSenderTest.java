package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Position;
import dev.channels.SendMode;
import dev.channels.server.Servers;
import dev.channels.test.FakeSession;
import jakarta.websocket.CloseReason.CloseCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionSenderTest {

    private static final byte[] NO_TEXT = {(byte) 0xff, 0, 1};

    private final FakeSession fake = new FakeSession();
    private final List<ErrorCode> skipped = new ArrayList<>();
    private final EventSender.Completion completion =
            new EventSender.Completion() {
                @Override
                public void sent() {}

                @Override
                public void skipped(Throwable cause) {
                    skipped.add(((ChannelsException) cause).errorCode());
                }

                @Override
                public void failed(Throwable cause) {}
            };

    private int joined;

    private SessionSender sender(SendMode mode) {
        return new SessionSender(fake.writer(Servers.undertow()), mode, true, () -> joined++);
    }

    @Test
    void aGapOfTheBrokerSendsTheClientToTheHistory() throws IOException {
        SessionSender sender = sender(SendMode.TEXT);
        assertThatThrownBy(() -> sender.send(new Gap("news", Gap.Cause.BROKER), completion))
                .isInstanceOf(IOException.class);
        assertThat(fake.closes).singleElement();
        assertThat(fake.closes.get(0).getCloseCode()).isEqualTo(CloseCodes.TRY_AGAIN_LATER);
    }

    @Test
    void otherGapsAndSignalsAreLeftOut() throws IOException {
        SessionSender sender = sender(SendMode.TEXT);
        sender.send(new Joined("news", null, true, 0), completion);
        assertThat(joined).isEqualTo(1);
        sender.send(new Gap("news", Gap.Cause.BACKLOG), completion);
        new SessionSender(fake.writer(Servers.undertow()), SendMode.TEXT, false, () -> {})
                .send(new Gap("news", Gap.Cause.BROKER), completion);
        assertThat(fake.closes).isEmpty();
        assertThat(fake.sent).isEmpty();
    }

    private static ChannelEvent event(byte[] data) {
        return new ChannelEvent("news", new Position("e", 1), data);
    }

    @Test
    void windowIsThatOfTheSession() {
        assertThat(sender(SendMode.TEXT).maxInFlight()).isGreaterThan(1);
        assertThat(sender(SendMode.TEXT).maxInFlightBytes()).isLessThan(Long.MAX_VALUE);
        assertThat(sender(SendMode.TEXT).mayBlock()).isFalse();
    }

    @Test
    void binaryModeSendsTheBytesAsTheyAre() throws IOException {
        sender(SendMode.BINARY).send(event(NO_TEXT), completion);
        assertThat(fake.sent).containsExactly(ByteBuffer.wrap(NO_TEXT));
    }

    @Test
    void textModeSendsText() throws IOException {
        sender(SendMode.TEXT).send(event(new byte[] {'a'}), completion);
        assertThat(fake.sent).containsExactly("a");
    }

    @Test
    void eventThatIsNoTextIsSkipped() throws IOException {
        sender(SendMode.TEXT).send(event(NO_TEXT), completion);
        assertThat(skipped).containsExactly(ErrorCode.NOT_TEXT);
        assertThat(fake.sent).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "EVENTS_DROPPED, TRY_AGAIN_LATER",
        "NOT_RUNNING, GOING_AWAY",
        "SUBSCRIBE_FAILED, UNEXPECTED_CONDITION"
    })
    void closeCodeSaysWhyTheStreamEnded(ErrorCode error, CloseCodes code) {
        sender(SendMode.TEXT).ended(new ChannelsException(error, "why"));
        assertThat(fake.closes).singleElement().matches(close -> close.getCloseCode() == code);
    }

    @Test
    void endOfTheStreamIsNotTakenForTheEndOfTheApplication() {
        sender(SendMode.TEXT).ended(null);
        assertThat(fake.closes.get(0).getReasonPhrase()).isEqualTo("The stream has ended");
    }
}
