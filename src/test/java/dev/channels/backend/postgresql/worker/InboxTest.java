package dev.channels.backend.postgresql.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class InboxTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aClosedInboxTakesNothing() throws Exception {
        Inbox<String> inbox = new Inbox<>();
        assertThat(inbox.offer("early")).isFalse();
        inbox.open();
        assertThat(inbox.offer("a")).isTrue();
        assertThat(inbox.offer("b")).isTrue();
        assertThat(inbox.take(LONG)).isEqualTo("a");
        assertThat(inbox.close()).containsExactly("b");
        assertThat(inbox.offer("late")).isFalse();
        assertThat(inbox.take(Duration.ZERO)).isNull();
    }

    @Test
    void anItemOrAWakeEndsTheWaitingForAnInbox() {
        Inbox<String> inbox = new Inbox<>();
        inbox.open();
        var taken = CompletableFuture.supplyAsync(() -> take(inbox));
        inbox.offer("a");
        assertThat(taken.join()).isEqualTo("a");
        var woken = CompletableFuture.supplyAsync(() -> take(inbox));
        inbox.wake();
        assertThat(woken.join()).isNull();
    }

    private static String take(Inbox<String> inbox) {
        try {
            return inbox.take(LONG);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
