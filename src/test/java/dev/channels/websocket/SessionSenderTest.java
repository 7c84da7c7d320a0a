package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Position;
import dev.channels.SendMode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionSenderTest {

    private final FakeSession fake = new FakeSession();
    private final List<String> told = new ArrayList<>();
    private final EventSender.Completion completion =
            new EventSender.Completion() {
                @Override
                public void sent() {
                    told.add("sent");
                }

                @Override
                public void skipped(Throwable cause) {
                    told.add("skipped " + ((ChannelsException) cause).errorCode());
                }

                @Override
                public void failed(Throwable cause) {
                    told.add("failed " + cause.getMessage());
                }
            };

    private final SessionSender sender = fake.sender(SendMode.TEXT);

    /** As the drain does. */
    private void send(String text) {
        send(sender, text);
    }

    private void send(SessionSender sender, String text) {
        try {
            sender.send(event(text), completion);
        } catch (IOException e) {
            completion.failed(e);
        }
    }

    private static ChannelEvent event(String text) {
        return event(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ChannelEvent event(byte[] data) {
        return new ChannelEvent("news", new Position("e", 1), data);
    }

    private CloseCodes closeCode() {
        assertThat(fake.closes).hasSize(1);
        return (CloseCodes) fake.closes.get(0).getCloseCode();
    }

    @Test
    void textIsSentAndItsCompletionTold() {
        send("foo");
        assertThat(fake.sent).containsExactly("foo");
        assertThat(told).isEmpty();
        fake.complete();
        assertThat(told).containsExactly("sent");
    }

    @Test
    void binaryModeSendsTheBytesAsTheyAre() throws IOException {
        byte[] noText = {(byte) 0xff, 0, 1};
        fake.sender(SendMode.BINARY).send(event(noText), completion);
        assertThat(fake.sent).containsExactly(ByteBuffer.wrap(noText));
    }

    @Test
    void eventThatIsNoTextIsSkipped() throws IOException {
        sender.send(event(new byte[] {(byte) 0xff}), completion);
        assertThat(told).containsExactly("skipped NOT_TEXT");
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void failedSendFailsTheStream() {
        send("foo");
        fake.fail(new IOException("gone"));
        assertThat(told).containsExactly("failed gone");
    }

    @Test
    void endWaitsForTheSendInFlightBeforeItCloses() {
        send("foo");
        sender.ended(null);
        assertThat(fake.closes).isEmpty();
        fake.complete();
        assertThat(closeCode()).isEqualTo(CloseCodes.GOING_AWAY);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoClassDefFoundError.class})
    void refusedSendIsNotWaitedFor(Class<? extends Throwable> type) throws Exception {
        fake.refusal = type.getConstructor(String.class).newInstance("refused");
        assertThatThrownBy(() -> send("foo")).isSameAs(fake.refusal);
        sender.ended(fake.refusal);
        assertThat(closeCode()).isEqualTo(CloseCodes.UNEXPECTED_CONDITION);
    }

    @Test
    void sendToASessionThatHasJustClosedIsNoFailureOfOurs() {
        IllegalStateException refusal = new IllegalStateException("closed");
        fake.refusal = refusal;
        fake.closes.add(new CloseReason(CloseCodes.GOING_AWAY, "by the client"));
        assertThatThrownBy(() -> sender.send(event(new byte[] {'a'}), completion))
                .isInstanceOf(IOException.class)
                .hasCause(refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "EVENTS_DROPPED, TRY_AGAIN_LATER",
        "NOT_RUNNING, GOING_AWAY",
        "SUBSCRIBE_FAILED, UNEXPECTED_CONDITION"
    })
    void closeCodeSaysWhyTheStreamEnded(ErrorCode error, CloseCodes code) {
        sender.ended(new ChannelsException(error, "why"));
        assertThat(closeCode()).isEqualTo(code);
    }

    @Test
    void endOfTheStreamIsNotTakenForTheEndOfTheApplication() {
        sender.ended(null);
        assertThat(fake.closes.get(0).getReasonPhrase()).isEqualTo("The stream has ended");
    }

    @Test
    void reasonGivenFirstIsKept() {
        send("foo");
        sender.end(new CloseReason(CloseCodes.TOO_BIG, "too big"));
        send("bar");
        assertThat(told).containsExactly("failed WebSocket session 7 of channel 'news' is closed");
        sender.ended(null);
        assertThat(fake.closes).isEmpty();
        fake.complete();
        assertThat(closeCode()).isEqualTo(CloseCodes.TOO_BIG);
        assertThat(fake.sent).containsExactly("foo");
    }

    @Test
    void sessionThatTheClientClosedIsNotClosedAgain() {
        sender.closed();
        sender.ended(null);
        send("foo");
        assertThat(told).containsExactly("failed WebSocket session 7 of channel 'news' is closed");
        assertThat(fake.closes).isEmpty();
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void closeByTheClientEndsTheStreamAlthoughASendNeverCompletes() {
        send("foo");
        sender.closed();
        assertThat(told).containsExactly("failed WebSocket session 7 of channel 'news' was closed");
    }

    @Test
    void sendIsStuckOnlyWhileItIsInFlight() {
        assertThat(sender.isStuckSince(System.nanoTime() + 1)).isFalse();
        send("foo");
        assertThat(sender.isStuckSince(System.nanoTime() - 1_000_000_000L)).isFalse();
        assertThat(sender.isStuckSince(System.nanoTime() + 1)).isTrue();
        fake.complete();
        assertThat(sender.isStuckSince(System.nanoTime() + 1)).isFalse();
    }

    @Test
    void givingUpFailsTheStreamAndClosesAtOnce() {
        send("foo");
        sender.giveUp(new CloseReason(CloseCodes.VIOLATED_POLICY, "The client does not read"));
        assertThat(told)
                .containsExactly(
                        "failed WebSocket session 7 of channel 'news' was given up: The client does"
                                + " not read");
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
        fake.complete();
        assertThat(told).hasSize(1);
    }

    @Test
    void givingUpLetsUndertowEndTheConnectionByTheTimeoutOfASend() {
        SessionSender undertow =
                fake.sender(SessionEngine.UNDERTOW, SendMode.TEXT, new Semaphore(1));
        send(undertow, "foo");
        undertow.giveUp(new CloseReason(CloseCodes.VIOLATED_POLICY, "The client does not read"));
        assertThat(fake.sent).containsExactly("foo", "ping within 5000");
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
    }

    // ---- The basic remote, where the engine prefers it

    private SessionSender basicSender(SendMode mode, Semaphore permits) {
        return fake.sender(SessionEngine.LIBERTY, mode, permits);
    }

    @ParameterizedTest
    @EnumSource(SendMode.class)
    void basicRemoteCompletesBeforeItReturns(SendMode mode) {
        Semaphore permits = new Semaphore(1);
        SessionSender basic = basicSender(mode, permits);
        assertThat(basic.mayBlock()).isTrue();
        fake.inBlockingSend = () -> assertThat(permits.availablePermits()).isZero();
        send(basic, "foo");
        assertThat(fake.blockingSent).hasSize(1);
        assertThat(fake.sent).isEmpty();
        assertThat(told).containsExactly("sent");
        assertThat(permits.availablePermits()).isEqualTo(1);
    }

    @Test
    void failureOfTheBasicRemoteFailsTheStream() {
        Semaphore permits = new Semaphore(1);
        fake.blockingFailure = new IOException("gone");
        send(basicSender(SendMode.TEXT, permits), "foo");
        assertThat(told).containsExactly("failed gone");
        assertThat(permits.availablePermits()).isEqualTo(1);
    }

    @Test
    void sendIsAsynchronousWhileTooManyThreadsAreInBlockingSends() {
        SessionSender basic = basicSender(SendMode.TEXT, new Semaphore(0));
        send(basic, "foo");
        assertThat(fake.sent).containsExactly("foo");
        assertThat(told).isEmpty();
        fake.complete();
        assertThat(told).containsExactly("sent");
    }

    private static final String KILOBYTE = "x".repeat(1000);

    @Test
    void clientThatAnswersPingsIsSentToByTheBasicRemote() {
        SessionSender basic = basicSender(SendMode.TEXT, new Semaphore(1));
        for (int i = 0; i < 1000; i++) {
            send(basic, KILOBYTE);
            if (fake.pings() > 0) {
                fake.answerPing();
            }
        }
        assertThat(fake.blockingSent).hasSize(1000);
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void clientThatAnswersNoPingIsSentToAsynchronouslyUntilItDoes() {
        SessionSender basic = basicSender(SendMode.TEXT, new Semaphore(1));
        for (int i = 0; i < 100; i++) {
            send(basic, KILOBYTE);
            if (!fake.sent.isEmpty()) {
                fake.complete();
            }
        }
        assertThat(fake.blockingSent).hasSizeBetween(32, 64);
        assertThat(fake.blockingSent.size() + fake.sent.size()).isEqualTo(100);
        assertThat(fake.pings()).as("one at a time").isEqualTo(1);
        fake.pong(ByteBuffer.allocate(8));
        int before = fake.sent.size();
        send(basic, KILOBYTE);
        assertThat(fake.sent).as("a pong that answers nothing").hasSize(before + 1);
        fake.complete();

        fake.answerPing();
        send(basic, KILOBYTE);
        assertThat(fake.sent).as("too much was sent after that ping").hasSize(before + 2);
        fake.complete();
        assertThat(fake.pings()).isEqualTo(1);
        fake.answerPing();
        send(basic, KILOBYTE);
        assertThat(fake.sent).hasSize(before + 2);
    }

    @Test
    void eventTooLargeForTheBuffersIsSentAsynchronously() {
        SessionSender basic = basicSender(SendMode.TEXT, new Semaphore(1));
        send(basic, "x".repeat(UnreadBytes.FITTING));
        assertThat(fake.sent).hasSize(1);
        fake.complete();
        send(basic, "foo");
        assertThat(fake.pings()).isEqualTo(1);
        fake.complete();
        fake.answerPing();
        send(basic, "bar");
        assertThat(fake.blockingSent).containsExactly("bar");
    }

    private SessionSender senderBeforeItsFirstPing(Semaphore permits) {
        SessionSender basic = basicSender(SendMode.TEXT, permits);
        while (fake.blockingSent.size() < 33) {
            send(basic, KILOBYTE);
        }
        assertThat(fake.pings()).isZero();
        told.clear();
        return basic;
    }

    @Test
    void pingThatFailsLeavesItToTheSendToFail() {
        Semaphore permits = new Semaphore(1);
        SessionSender basic = senderBeforeItsFirstPing(permits);
        fake.blockingFailure = new IOException("gone");
        send(basic, "foo");
        assertThat(told).containsExactly("failed gone");
        assertThat(permits.availablePermits()).isEqualTo(1);
    }

    @Test
    void pingThatFailsIsRepeated() {
        SessionSender basic = senderBeforeItsFirstPing(new Semaphore(1));
        fake.pingFailure = new IllegalStateException("beside another write");
        send(basic, "foo");
        assertThat(told).containsExactly("sent");
        fake.pingFailure = null;
        send(basic, "bar");
        assertThat(fake.pings()).isEqualTo(1);
    }

    @Test
    void nothingIsSentAfterAPingInWhichTheSessionWasGivenUp() {
        Semaphore permits = new Semaphore(1);
        SessionSender basic = senderBeforeItsFirstPing(permits);
        fake.inBlockingSend =
                () ->
                        basic.giveUp(
                                new CloseReason(
                                        CloseCodes.VIOLATED_POLICY, "The client does not read"));
        send(basic, "foo");
        assertThat(fake.blockingSent).doesNotContain("foo");
        assertThat(fake.sent).isEmpty();
        assertThat(fake.closes).hasSize(1);
        assertThat(told).hasSize(1);
        assertThat(permits.availablePermits()).isEqualTo(1);
    }

    @Test
    void noPingBesideTooManyThreadsInBlockingSends() {
        Semaphore permits = new Semaphore(1);
        SessionSender basic = senderBeforeItsFirstPing(permits);
        assertThat(permits.tryAcquire()).isTrue();
        send(basic, "foo");
        assertThat(fake.pings()).isZero();
        assertThat(fake.sent).containsExactly("foo");
    }

    @Test
    void clientThatKeepsAThreadIsGivenUp() {
        SessionSender basic = basicSender(SendMode.TEXT, new Semaphore(1));
        fake.inBlockingSend =
                () -> {
                    assertThat(basic.isStuckSince(System.nanoTime() + 1)).isTrue();
                    basic.giveUp(
                            new CloseReason(
                                    CloseCodes.VIOLATED_POLICY, "The client does not read"));
                };
        send(basic, "foo");
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).startsWith("failed");
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
    }
}
