package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What threads wait with: inbox, bell and back-off. */
final class WaitingTest {

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

    @Test
    void aBellGathersWhatItRangFor() throws Exception {
        Bell bell = new Bell();
        bell.ring(Set.of("a"));
        bell.ring(List.of("b", "a"));
        assertThat(bell.await(LONG.toNanos())).isEqualTo(new Bell.Ring(Set.of("a", "b"), false));
        bell.ringForAll();
        assertThat(bell.await(LONG.toNanos())).isEqualTo(new Bell.Ring(Set.of(), true));
        bell.ring();
        assertThat(bell.await(LONG.toNanos())).isEqualTo(new Bell.Ring(Set.of(), false));
        assertThat(bell.await(0)).isEqualTo(new Bell.Ring(Set.of(), false));
        assertThat(bell.await(-5)).isEqualTo(new Bell.Ring(Set.of(), false));
    }

    @Test
    void aNotificationNamesTheChannelsIfItCan() {
        List<String> names = List.of("a b", "ä", "*");
        assertThat(Notifier.channels(Notifier.payload(names))).isEqualTo(names);
        assertThat(Notifier.payload(List.of("é".repeat(4_000)))).isEmpty();
        assertThat(Notifier.payload(List.of("e".repeat(7_999)))).hasSize(7_999);
        assertThat(Notifier.channels("/")).isEmpty();
    }
}
