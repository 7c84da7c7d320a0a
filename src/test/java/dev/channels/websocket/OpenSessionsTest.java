package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.EventSender;
import dev.channels.Position;
import dev.channels.SendMode;
import jakarta.websocket.CloseReason.CloseCodes;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenSessionsTest {

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final FakeSession fake = new FakeSession();
    private final SessionSender sender = fake.sender(SendMode.TEXT);

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private OpenSessions sessions(Duration timeout) {
        OpenSessions sessions = new OpenSessions(timeout, Runnable::run, scheduler);
        sessions.add(sender);
        return sessions;
    }

    private void send() {
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

    @Test
    void sessionWithAStuckSendIsClosedWithPolicyViolation() {
        send();
        try (OpenSessions sessions = sessions(Duration.ofMillis(100))) {
            await().until(() -> fake.closes.size() == 1);
            assertThat(fake.closes.get(0).getCloseCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
            sessions.remove(sender);
        }
        assertThat(fake.closes).hasSize(1);
    }

    @Test
    void closeClosesWhatIsOpen() {
        OpenSessions sessions = sessions(Duration.ofHours(1));
        send();
        sessions.close();
        assertThat(fake.closes.get(0).getCloseCode()).isEqualTo(CloseCodes.GOING_AWAY);
    }

    @Test
    void closeLeavesWhatTheClientClosed() {
        OpenSessions sessions = sessions(Duration.ofHours(1));
        sessions.remove(sender);
        sessions.close();
        assertThat(fake.closes).isEmpty();
    }
}
