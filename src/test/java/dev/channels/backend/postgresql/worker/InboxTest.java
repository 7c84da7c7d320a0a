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
        Inbox<String>.Taker taker = inbox.taker();
        assertThat(inbox.offer("early")).isFalse();
        taker.open();
        taker.open();
        assertThat(inbox.offer("a")).isTrue();
        assertThat(inbox.offer("b")).isTrue();
        assertThat(taker.take(LONG)).isEqualTo("a");
        assertThat(taker.close()).containsExactly("b");
        assertThat(inbox.offer("late")).isFalse();
        assertThat(taker.take(Duration.ZERO)).isNull();
        assertThat(taker.close()).isEmpty();
    }

    @Test
    void isOpenWhileOneOfSeveralTakes() throws Exception {
        Inbox<String> inbox = new Inbox<>();
        Inbox<String>.Taker one = inbox.taker();
        Inbox<String>.Taker two = inbox.taker();
        one.open();
        two.open();
        inbox.offer("a");
        assertThat(one.close()).isEmpty();
        assertThat(one.close()).isEmpty();
        assertThat(inbox.offer("b")).isTrue();
        assertThat(two.take(LONG)).isEqualTo("a");
        assertThat(two.close()).containsExactly("b");
        assertThat(inbox.offer("late")).isFalse();
    }

    @Test
    void anItemOrAWakeEndsTheWaitingForAnInbox() throws Exception {
        Inbox<String> inbox = new Inbox<>();
        Inbox<String>.Taker one = inbox.taker();
        Inbox<String>.Taker two = inbox.taker();
        one.open();
        var taken = CompletableFuture.supplyAsync(() -> take(one));
        inbox.offer("a");
        assertThat(taken.join()).isEqualTo("a");
        var woken = CompletableFuture.supplyAsync(() -> take(one));
        inbox.wake();
        assertThat(woken.join()).isNull();
        assertThat(two.take(LONG)).as("a wake is for every worker").isNull();
        assertThat(two.take(Duration.ZERO)).isNull();
    }

    private static String take(Inbox<String>.Taker taker) {
        try {
            return taker.take(LONG);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
