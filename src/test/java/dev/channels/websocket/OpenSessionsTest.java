package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.EventSender;
import dev.channels.Position;
import dev.channels.SendMode;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.test.LogCapture;
import jakarta.websocket.CloseReason.CloseCodes;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenSessionsTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofHours(1);

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final FakeSession fake = new FakeSession();
    private final SessionSender sender = fake.sender(SendMode.TEXT);
    private final FakeConnection connection = new FakeConnection();

    /** Stays open until its client has read to the end, if ever, or it is ended. */
    private static final class FakeConnection implements Connection {
        private final AtomicInteger looks = new AtomicInteger();
        private volatile int readToTheEndAfter = Integer.MAX_VALUE;
        private volatile boolean ended;
        private volatile boolean endedWhileOpen;

        @Override
        public boolean isOpen() {
            return !ended && looks.incrementAndGet() < readToTheEndAfter;
        }

        @Override
        public void end() {
            endedWhileOpen = !ended && looks.get() < readToTheEndAfter;
            ended = true;
        }
    }

    OpenSessionsTest() {
        scheduler.setRemoveOnCancelPolicy(true);
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private OpenSessions sessions(Duration sendTimeout) {
        return sessions(sendTimeout, LONG, Runnable::run);
    }

    private OpenSessions sessions(Duration sendTimeout, Duration closeTimeout, Executor executor) {
        OpenSessions sessions =
                new OpenSessions(sendTimeout, Duration.ZERO, closeTimeout, executor, scheduler);
        sessions.add(sender, connection);
        return sessions;
    }

    private void send() throws IOException {
        sender.send(
                new ChannelEvent("news", new Position("e", 1), new byte[0]),
                new EventSender.Completion() {
                    @Override
                    public void sent() {}

                    @Override
                    public void skipped(Throwable cause) {}

                    @Override
                    public void failed(Throwable cause) {}
                });
    }

    private static Executor refusingOnce(AtomicInteger tasks) {
        return task -> {
            if (tasks.getAndIncrement() == 0) {
                throw new RejectedExecutionException("not now");
            }
            task.run();
        };
    }

    private static CloseCodes closeCode(FakeSession session) {
        assertThat(session.closes).hasSize(1);
        return (CloseCodes) session.closes.get(0).getCloseCode();
    }

    // ---- Sends that do not end

    @Test
    void sessionWithAStuckSendIsClosedWithPolicyViolation() throws Exception {
        send();
        try (OpenSessions sessions = sessions(SHORT)) {
            await().until(() -> fake.closes.size() == 1);
            assertThat(closeCode(fake)).isEqualTo(CloseCodes.VIOLATED_POLICY);
            await().until(() -> connection.ended);
            sessions.remove(sender);
        }
        assertThat(fake.closes).hasSize(1);
    }

    @Test
    void failureWithOneSessionIsNotTheEndOfTheLook() throws Exception {
        send();
        AtomicInteger tasks = new AtomicInteger();
        try (OpenSessions sessions = sessions(SHORT, LONG, refusingOnce(tasks))) {
            await().until(() -> fake.closes.size() == 1);
            sessions.remove(sender);
        }
        assertThat(closeCode(fake)).isEqualTo(CloseCodes.VIOLATED_POLICY);
    }

    @Test
    void sessionThatNobodyCouldLookAfterIsClosed() {
        scheduler.shutdownNow();
        sessions(LONG);
        assertThat(closeCode(fake)).isEqualTo(CloseCodes.GOING_AWAY);
    }

    // ---- Pings

    private OpenSessions pinging(SessionEngine engine, Duration interval) {
        OpenSessions sessions = new OpenSessions(LONG, interval, LONG, Runnable::run, scheduler);
        sessions.add(fake.sender(engine, SendMode.TEXT, new Semaphore(1)), Connection.UNKNOWN);
        return sessions;
    }

    @ParameterizedTest
    @EnumSource(
            value = SessionEngine.class,
            names = {"UNDERTOW", "TYRUS"})
    void clientIsPingedAgainAndAgain(SessionEngine engine) {
        try (OpenSessions sessions = pinging(engine, SHORT)) {
            await().until(() -> fake.sent.size() >= 3);
            assertThat(fake.sent).containsOnly("ping within 0");
            sessions.remove(sender);
        }
    }

    @Test
    void clientIsNotPingedBeforeItIsDueNorWhereThatHarmsASend() {
        SessionSender undertow =
                fake.sender(SessionEngine.UNDERTOW, SendMode.TEXT, new Semaphore(1));
        SessionSender liberty = fake.sender(SessionEngine.LIBERTY, SendMode.TEXT, new Semaphore(1));
        long interval = SHORT.toNanos();
        long now = System.nanoTime() + interval;
        undertow.pingIfDue(now, Long.MAX_VALUE);
        liberty.pingIfDue(now, interval);
        assertThat(fake.sent).isEmpty();
        undertow.pingIfDue(now, interval);
        undertow.pingIfDue(now + interval - 1, interval);
        assertThat(fake.sent).hasSize(1);
        undertow.pingIfDue(now + interval, interval);
        assertThat(fake.sent).hasSize(2);
        undertow.end(SessionSender.stopping());
        undertow.pingIfDue(now + 2 * interval, interval);
        assertThat(fake.sent).hasSize(2);
    }

    // ---- Close

    @Test
    void closeClosesWhatIsOpen() throws Exception {
        OpenSessions sessions = sessions(LONG);
        send();
        sessions.close();
        assertThat(closeCode(fake)).isEqualTo(CloseCodes.GOING_AWAY);
        assertThat(connection.ended).isTrue();
        assertThat(connection.looks).hasValueGreaterThan(1);
    }

    @Test
    void clientThatReadsToTheEndIsNotCutOff() throws Exception {
        OpenSessions sessions = sessions(LONG);
        send();
        connection.readToTheEndAfter = 3;
        sessions.close();
        assertThat(connection.looks).hasValue(3);
        assertThat(connection.endedWhileOpen).isFalse();
    }

    @Test
    void connectionIsEndedThoughTheCloseThrows() throws Exception {
        send();
        fake.closeFailure = new StackOverflowError();
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        try (OpenSessions sessions = sessions(SHORT, SHORT, tasks::add)) {
            await().until(() -> tasks.size() == 1);
            assertThatThrownBy(tasks.remove()::run).isInstanceOf(StackOverflowError.class);
            assertThat(connection.ended).isTrue();
            sessions.remove(sender);
        }
    }

    @Test
    void closeLeavesWhatTheClientClosed() {
        OpenSessions sessions = sessions(LONG);
        sessions.remove(sender);
        sessions.close();
        assertThat(fake.closes).isEmpty();
        assertThat(connection.ended).isFalse();
    }

    @Test
    void sessionThatComesAfterTheCloseIsClosedAndNotLookedAfter() {
        OpenSessions sessions = sessions(LONG);
        sessions.close();
        FakeSession late = new FakeSession();
        sessions.add(late.sender(SendMode.TEXT), Connection.UNKNOWN);
        assertThat(closeCode(late)).isEqualTo(CloseCodes.GOING_AWAY);
        assertThat(scheduler.getQueue()).isEmpty();
    }

    @Test
    void closeDoesNotWaitForEverForAnExecutorThatIsStuck() {
        OpenSessions sessions = sessions(LONG, SHORT, task -> {});
        sessions.close();
        assertThat(fake.closes).isEmpty();
    }

    @Test
    void closeClosesWhatIsOpenThoughTheContainerRefusesTasks() {
        StandInExecutor standIn =
                new StandInExecutor(
                        task -> {
                            throw new RejectedExecutionException("stopping");
                        });
        OpenSessions sessions = sessions(LONG, LONG, standIn);
        try (LogCapture log = new LogCapture()) {
            sessions.close();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        assertThat(closeCode(fake)).isEqualTo(CloseCodes.GOING_AWAY);
    }

    @Test
    void sessionThatCannotBeClosedDoesNotKeepTheOthersOpen() {
        AtomicInteger tasks = new AtomicInteger();
        OpenSessions sessions = sessions(LONG, LONG, refusingOnce(tasks));
        FakeSession other = new FakeSession();
        sessions.add(other.sender(SendMode.TEXT), Connection.UNKNOWN);
        try (LogCapture log = new LogCapture()) {
            sessions.close();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        assertThat(tasks).hasValue(2);
        assertThat(fake.closes.size() + other.closes.size()).isEqualTo(1);
    }

    @Test
    void sessionThatComesDuringTheCloseDoesNotWaitForIt() throws Exception {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        OpenSessions sessions = sessions(LONG, LONG, tasks::add);
        Thread closing = new Thread(sessions::close);
        closing.start();
        await().until(() -> tasks.size() == 1);
        FakeSession late = new FakeSession();
        sessions.add(late.sender(SendMode.TEXT), Connection.UNKNOWN);
        assertThat(closeCode(late)).isEqualTo(CloseCodes.GOING_AWAY);
        assertThat(closing.isAlive()).isTrue();
        tasks.remove().run();
        closing.join(10_000);
        assertThat(closing.isAlive()).isFalse();
    }
}
