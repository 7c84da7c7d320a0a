package dev.channels.endpoint.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import dev.channels.EventSender;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection.Health;
import dev.channels.server.Servers;
import dev.channels.test.FakeSession;
import jakarta.websocket.CloseReason.CloseCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionWriterTest {

    private final FakeSession fake = new FakeSession();
    private static final Ending ENDED = new Ending(1001, "The stream has ended");
    private static final Ending FAILED = new Ending(1011, "Events cannot be sent");

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

    private final SessionWriter writer = fake.writer(Servers.other());
    private final Queue<Runnable> asking = new ArrayDeque<>();

    /** As the drain does. */
    private void send(String text) {
        send(writer, text);
    }

    private void send(SessionWriter to, String text) {
        try {
            to.sendText(text, text.length(), completion);
        } catch (IOException e) {
            completion.failed(e);
        }
    }

    private static void giveUp(SessionWriter stuck) {
        stuck.giveUp(Ending.NOT_READING);
        stuck.close();
    }

    /** Looks after a writer, some seconds from now. */
    private Health look(SessionWriter at, long seconds) {
        return at.look(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds), asking::add);
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
        writer.sendBinary(ByteBuffer.wrap(noText), completion);
        assertThat(fake.sent).containsExactly(ByteBuffer.wrap(noText));
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
        writer.end(ENDED);
        assertThat(fake.closes).isEmpty();
        fake.complete();
        assertThat(closeCode()).isEqualTo(CloseCodes.GOING_AWAY);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoClassDefFoundError.class})
    void refusedSendIsNotWaitedFor(Class<? extends Throwable> type) throws Exception {
        fake.refusal = type.getConstructor(String.class).newInstance("refused");
        assertThatThrownBy(() -> send("foo")).isSameAs(fake.refusal);
        writer.end(FAILED);
        assertThat(closeCode()).isEqualTo(CloseCodes.UNEXPECTED_CONDITION);
    }

    @Test
    void reasonGivenFirstIsKept() {
        send("foo");
        writer.end(new Ending(1009, "too big"));
        send("bar");
        assertThat(told).containsExactly("failed WebSocket session 7 is closed");
        writer.end(ENDED);
        assertThat(fake.closes).isEmpty();
        fake.complete();
        assertThat(closeCode()).isEqualTo(CloseCodes.TOO_BIG);
        assertThat(fake.sent).containsExactly("foo");
    }

    @Test
    void sessionThatTheClientClosedIsNotClosedAgain() {
        writer.closed();
        writer.end(ENDED);
        send("foo");
        assertThat(told).containsExactly("failed WebSocket session 7 is closed");
        assertThat(fake.closes).isEmpty();
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void closeByTheClientEndsTheStreamAlthoughASendNeverCompletes() {
        send("foo");
        writer.closed();
        assertThat(told).containsExactly("failed WebSocket session 7 was closed");
    }

    @Test
    void givingUpFailsTheStreamAndClosesAtOnce() {
        send("foo");
        giveUp(writer);
        assertThat(told)
                .containsExactly(
                        "failed WebSocket session 7 was given up: The client does" + " not read");
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
        fake.complete();
        assertThat(told).hasSize(1);
    }

    @Test
    void givingUpLetsUndertowEndTheConnectionByTheTimeoutOfASend() {
        SessionWriter undertow = fake.writer(Servers.undertow());
        send(undertow, "foo");
        giveUp(undertow);
        assertThat(fake.sent).containsExactly("foo", "ping within 5000");
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
    }

    // ---- The basic remote, where the engine prefers it

    private SessionWriter liberty(Semaphore permits) {
        return fake.writer(Servers.liberty(permits));
    }

    @Test
    void basicRemoteCompletesBeforeItReturns() {
        Semaphore permits = new Semaphore(1);
        SessionWriter basic = liberty(permits);
        assertThat(basic.remote().mayBlock()).isTrue();
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
        send(liberty(permits), "foo");
        assertThat(told).containsExactly("failed gone");
        assertThat(permits.availablePermits()).isEqualTo(1);
    }

    @Test
    void sendIsAsynchronousWhileTooManyThreadsAreInBlockingSends() {
        SessionWriter basic = liberty(new Semaphore(0));
        send(basic, "foo");
        assertThat(fake.sent).containsExactly("foo");
        assertThat(told).isEmpty();
        fake.complete();
        assertThat(told).containsExactly("sent");
    }

    private static final String KILOBYTE = "x".repeat(1000);

    @Test
    void clientThatAnswersPingsIsSentToByTheBasicRemote() {
        SessionWriter basic = liberty(new Semaphore(1));
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
        SessionWriter basic = liberty(new Semaphore(1));
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
        SessionWriter basic = liberty(new Semaphore(1));
        send(basic, "x".repeat(Servers.fitting()));
        assertThat(fake.sent).hasSize(1);
        fake.complete();
        send(basic, "foo");
        assertThat(fake.pings()).isEqualTo(1);
        fake.complete();
        fake.answerPing();
        send(basic, "bar");
        assertThat(fake.blockingSent).containsExactly("bar");
    }

    private SessionWriter senderBeforeItsFirstPing(Semaphore permits) {
        SessionWriter basic = liberty(permits);
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
        SessionWriter basic = senderBeforeItsFirstPing(permits);
        fake.blockingFailure = new IOException("gone");
        send(basic, "foo");
        assertThat(told).containsExactly("failed gone");
        assertThat(permits.availablePermits()).isEqualTo(1);
    }

    @Test
    void pingThatFailsIsRepeated() {
        SessionWriter basic = senderBeforeItsFirstPing(new Semaphore(1));
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
        SessionWriter basic = senderBeforeItsFirstPing(permits);
        fake.inBlockingSend = () -> giveUp(basic);
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
        SessionWriter basic = senderBeforeItsFirstPing(permits);
        assertThat(permits.tryAcquire()).isTrue();
        send(basic, "foo");
        assertThat(fake.pings()).isZero();
        assertThat(fake.sent).containsExactly("foo");
    }

    @Test
    void clientThatKeepsAThreadIsGivenUp() {
        SessionWriter basic = liberty(new Semaphore(1));
        fake.inBlockingSend =
                () -> {
                    assertThat(look(basic, 11)).isEqualTo(Health.STUCK);
                    giveUp(basic);
                };
        send(basic, "foo");
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).startsWith("failed");
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
    }

    // ---- The look from outside

    @Test
    void sendIsStuckOnlyWhileItIsInFlight() {
        assertThat(look(writer, 11)).isEqualTo(Health.FINE);
        send("foo");
        assertThat(look(writer, 9)).isEqualTo(Health.FINE);
        assertThat(look(writer, 11)).isEqualTo(Health.STUCK);
        fake.complete();
        assertThat(look(writer, 11)).isEqualTo(Health.FINE);
    }

    @Test
    void clientIsPingedAgainAndAgainWhileItAnswers() {
        SessionWriter undertow = fake.writer(Servers.undertow());
        assertThat(look(undertow, 0)).isEqualTo(Health.FINE);
        assertThat(fake.pings()).isZero();
        for (int second = 2; second < 20; second += 2) {
            assertThat(look(undertow, second)).isEqualTo(Health.FINE);
            assertThat(fake.pings()).isEqualTo(1);
            fake.answerPing();
        }
    }

    @Test
    void clientThatAnswersNoPingIsGone() {
        SessionWriter undertow = fake.writer(Servers.undertow());
        for (int second = 2; second <= 8; second += 2) {
            Health expected = second < 8 ? Health.FINE : Health.GONE;
            assertThat(look(undertow, second)).isEqualTo(expected);
            assertThat(look(undertow, second)).as("nothing is due").isEqualTo(Health.FINE);
        }
    }

    /** Of a machine that stood still the answers come after the look. */
    @Test
    void clientIsNotGoneAfterAPauseOfTheServer() {
        SessionWriter undertow = fake.writer(Servers.undertow());
        assertThat(look(undertow, 2)).isEqualTo(Health.FINE);
        assertThat(look(undertow, 1000)).isEqualTo(Health.FINE);
        fake.answerPing();
        for (int second = 1002; second <= 1006; second += 2) {
            assertThat(look(undertow, second)).isEqualTo(Health.FINE);
        }
    }

    @Test
    void clientThatCannotBePingedIsGone() {
        SessionWriter undertow = fake.writer(Servers.undertow());
        fake.pingFailure = new NullPointerException("no output buffer");
        assertThat(look(undertow, 2)).isEqualTo(Health.GONE);
    }

    @Test
    void clientWhoseSessionIsClosedIsGone() {
        fake.isOpen = false;
        assertThat(look(writer, 0)).isEqualTo(Health.GONE);
    }

    @Test
    void sessionThatWasEndedAndIsNeverReportedClosedIsGoneInTheEnd() {
        writer.end(ENDED);
        assertThat(look(writer, 9)).isEqualTo(Health.FINE);
        assertThat(look(writer, 11)).isEqualTo(Health.GONE);
    }

    @Test
    void givingUpEndsWhatIsBehind() {
        boolean[] gone = new boolean[1];
        fake.gone = () -> gone[0] = true;
        fake.writer(Servers.other()).giveUp(Ending.GONE);
        assertThat(gone).containsExactly(true);
    }

    // ---- Pings where nothing may overlap

    @Test
    void pingIsSentAloneAndByAThreadThatMayBlock() {
        send("foo");
        assertThat(look(writer, 2)).isEqualTo(Health.FINE);
        assertThat(asking).as("a send is in flight").isEmpty();
        fake.complete();
        assertThat(look(writer, 2)).isEqualTo(Health.FINE);
        assertThat(fake.pings()).isZero();
        asking.remove().run();
        assertThat(fake.pings()).isEqualTo(1);
    }

    @Test
    void whatIsSentDuringAPingFollowsIt() {
        look(writer, 2);
        fake.inBlockingSend =
                () -> {
                    send("foo");
                    assertThat(fake.sent).isEmpty();
                };
        asking.remove().run();
        assertThat(fake.sent).containsExactly("foo");
        assertThat(told).isEmpty();
        fake.complete();
        assertThat(told).containsExactly("sent");
    }

    @Test
    void refusalOfWhatWaitedForAPingFailsTheStream() {
        look(writer, 2);
        fake.refusal = new IllegalStateException("refused");
        fake.inBlockingSend = () -> send("foo");
        asking.remove().run();
        assertThat(told).containsExactly("failed refused");
    }

    @Test
    void sessionThatEndsDuringAPingIsClosedBehindIt() {
        look(writer, 2);
        fake.inBlockingSend =
                () -> {
                    writer.end(ENDED);
                    assertThat(fake.closes).isEmpty();
                };
        asking.remove().run();
        assertThat(closeCode()).isEqualTo(CloseCodes.GOING_AWAY);
    }

    @Test
    void pingThatKeepsAThreadIsStuck() {
        look(writer, 2);
        fake.inBlockingSend = () -> assertThat(look(writer, 11)).isEqualTo(Health.STUCK);
        asking.remove().run();
        assertThat(fake.pings()).isEqualTo(1);
    }

    @Test
    void failedPingEndsTheSession() {
        look(writer, 2);
        fake.pingFailure = new IllegalStateException("closed");
        asking.remove().run();
        assertThat(fake.closes).hasSize(1);
    }

    // ---- An engine that takes sends without a bound

    @Test
    void resultWaitsUntilTheClientHasReadWhatWasSent() {
        SessionWriter tyrus = fake.writer(Servers.glassFish());
        int sends = 2 * Servers.fitting() / 1000;
        for (int i = 0; i < sends; i++) {
            send(tyrus, KILOBYTE);
            fake.complete();
        }
        assertThat(told).hasSizeBetween(32, 64).containsOnly("sent");
        assertThat(fake.pings()).isEqualTo(1);
        assertThat(look(tyrus, 11)).isEqualTo(Health.STUCK);
        fake.answerPing();
        assertThat(told).as("too much was sent after that ping").hasSizeLessThan(sends);
        fake.answerPing();
        assertThat(told).hasSize(sends).containsOnly("sent");
        assertThat(fake.pings()).isZero();
    }

    @Test
    void failureDoesNotWait() {
        SessionWriter tyrus = fake.writer(Servers.glassFish());
        send(tyrus, "x".repeat(Servers.fitting()));
        fake.fail(new IOException("gone"));
        assertThat(told).containsExactly("failed gone");
    }

    @Test
    void resultsThatWaitFailWhereTheClientCannotBeAsked() {
        SessionWriter tyrus = fake.writer(Servers.glassFish());
        send(tyrus, "x".repeat(Servers.fitting()));
        fake.complete();
        assertThat(told).isEmpty();
        fake.pingFailure = new NullPointerException("no output buffer");
        fake.answerPing();
        send(tyrus, "x".repeat(Servers.fitting()));
        assertThat(told).contains("sent");
    }
}
