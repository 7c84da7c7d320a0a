package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
        sender.send(event("foo"), completion);
        assertThat(fake.sent).containsExactly("foo");
        assertThat(told).isEmpty();
        fake.complete();
        assertThat(told).containsExactly("sent");
    }

    @Test
    void binaryModeSendsTheBytesAsTheyAre() {
        byte[] noText = {(byte) 0xff, 0, 1};
        fake.sender(SendMode.BINARY).send(event(noText), completion);
        assertThat(fake.sent).containsExactly(ByteBuffer.wrap(noText));
    }

    @Test
    void eventThatIsNoTextIsSkipped() {
        sender.send(event(new byte[] {(byte) 0xff}), completion);
        assertThat(told).containsExactly("skipped NOT_TEXT");
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void failedSendFailsTheStream() {
        sender.send(event("foo"), completion);
        fake.fail(new IOException("gone"));
        assertThat(told).containsExactly("failed gone");
    }

    @Test
    void endWaitsForTheSendInFlightBeforeItCloses() {
        sender.send(event("foo"), completion);
        sender.ended(null);
        assertThat(fake.closes).isEmpty();
        fake.complete();
        assertThat(closeCode()).isEqualTo(CloseCodes.GOING_AWAY);
    }

    @Test
    void refusedSendIsNotWaitedFor() {
        fake.refusal = new IllegalStateException("closed");
        assertThatThrownBy(() -> sender.send(event("foo"), completion)).hasMessage("closed");
        sender.ended(fake.refusal);
        assertThat(closeCode()).isEqualTo(CloseCodes.UNEXPECTED_CONDITION);
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
    void reasonGivenFirstIsKept() {
        sender.closeWith(new CloseReason(CloseCodes.TOO_BIG, "too big"));
        sender.ended(null);
        assertThat(closeCode()).isEqualTo(CloseCodes.TOO_BIG);
    }

    @Test
    void sessionThatTheClientClosedIsNotClosedAgain() {
        sender.closed();
        sender.ended(null);
        sender.send(event("foo"), completion);
        assertThat(fake.closes).isEmpty();
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void sendIsStuckOnlyWhileItIsInFlight() {
        assertThat(sender.isStuckSince(System.nanoTime() + 1)).isFalse();
        sender.send(event("foo"), completion);
        assertThat(sender.isStuckSince(System.nanoTime() - 1_000_000_000L)).isFalse();
        assertThat(sender.isStuckSince(System.nanoTime() + 1)).isTrue();
        fake.complete();
        assertThat(sender.isStuckSince(System.nanoTime() + 1)).isFalse();
    }

    @Test
    void givingUpFailsTheStreamAndClosesAtOnce() {
        sender.send(event("foo"), completion);
        sender.giveUp(new CloseReason(CloseCodes.VIOLATED_POLICY, "The client does not read"));
        assertThat(told)
                .containsExactly(
                        "failed WebSocket session 7 of channel 'news' was given up: The client does"
                                + " not read");
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
        fake.complete();
        assertThat(told).hasSize(1);
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
        basic.send(event("foo"), completion);
        assertThat(fake.blockingSent).hasSize(1);
        assertThat(fake.sent).isEmpty();
        assertThat(told).containsExactly("sent");
        assertThat(permits.availablePermits()).isEqualTo(1);
    }

    @Test
    void failureOfTheBasicRemoteFailsTheStream() {
        Semaphore permits = new Semaphore(1);
        fake.blockingFailure = new IOException("gone");
        basicSender(SendMode.TEXT, permits).send(event("foo"), completion);
        assertThat(told).containsExactly("failed gone");
        assertThat(permits.availablePermits()).isEqualTo(1);
    }

    @Test
    void sendIsAsynchronousWhileTooManyThreadsAreInBlockingSends() {
        SessionSender basic = basicSender(SendMode.TEXT, new Semaphore(0));
        basic.send(event("foo"), completion);
        assertThat(fake.sent).containsExactly("foo");
        assertThat(told).isEmpty();
        fake.complete();
        assertThat(told).containsExactly("sent");
    }

    @Test
    void slowClientIsSentToAsynchronouslyUntilASendIsQuick() {
        SessionSender basic = basicSender(SendMode.TEXT, new Semaphore(1));
        long begin = System.nanoTime();
        fake.inBlockingSend = () -> await().until(() -> System.nanoTime() - begin > 150_000_000L);
        basic.send(event("slow"), completion);
        fake.inBlockingSend = () -> {};
        basic.send(event("next"), completion);
        assertThat(fake.sent).containsExactly("next");
        fake.complete();
        assertThat(told).containsExactly("sent", "sent");
        await().until(
                        () -> {
                            int before = fake.sent.size();
                            basic.send(event("quick again"), completion);
                            if (fake.sent.size() > before) {
                                fake.complete();
                            }
                            return fake.blockingSent.contains("quick again");
                        });
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
        basic.send(event("foo"), completion);
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).startsWith("failed");
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
    }
}
