package dev.channels.internal.stream;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.BacklogStrategy;
import dev.channels.internal.task.Durations;
import dev.channels.test.RecordingSender;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long an event takes from the mailbox to the end of its send. */
class SendTimeTest {

    /** Keeps what it is told. */
    private static final class Told implements Durations {
        private final List<Long> sent = new ArrayList<>();

        @Override
        public void published(Set<String> channels, long nanos, @Nullable String error) {}

        @Override
        public void handedOver(int events) {}

        @Override
        public void fannedOut(String channel, long nanos) {}

        @Override
        public void sent(long nanos) {
            sent.add(nanos);
        }
    }

    private final Told told = new Told();

    private MailboxFixture timed(MailboxFixture it) {
        it.counters.record(told);
        return it;
    }

    private static void complete(MailboxFixture it, RecordingSender sender) {
        sender.completeOldest();
        it.executor.runAll();
    }

    @Test
    void oneEventAtATimeIsTimed() {
        MailboxFixture it = timed(MailboxFixture.unlimited());
        RecordingSender sender = new RecordingSender().withWindow(2, Long.MAX_VALUE);
        it.mailbox.drainTo(sender);
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        assertThat(told.sent).isEmpty();
        complete(it, sender);
        assertThat(told.sent).hasSize(1).allMatch(nanos -> nanos >= 0);
        complete(it, sender);
        complete(it, sender);
        assertThat(told.sent).hasSize(1);
        it.offer(event("a", 4));
        it.executor.runAll();
        complete(it, sender);
        assertThat(told.sent).hasSize(2);
    }

    @Test
    void sendThatEndsAtOnceIsTimed() {
        MailboxFixture it = timed(MailboxFixture.unlimited());
        it.mailbox.drainTo(new RecordingSender((event, completion) -> completion.sent()));
        for (int i = 1; i <= 3; i++) {
            it.offer(event("a", i));
            it.executor.runAll();
        }
        assertThat(told.sent).hasSize(3);
    }

    @Test
    void nextEventIsTimedAfterOneThatWasLost() {
        MailboxFixture it = timed(MailboxFixture.limited(1, BacklogStrategy.DROPLEFT));
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offer(event("a", 1));
        it.executor.runAll();
        complete(it, sender);
        assertThat(told.sent).hasSize(1);
        it.offerAll(events("a", 2, 3));
        it.offer(event("a", 4));
        it.executor.runAll();
        complete(it, sender);
        it.offer(event("a", 5));
        it.executor.runAll();
        complete(it, sender);
        assertThat(it.dropped).hasSize(2);
        assertThat(told.sent).as("of 1, 4 and 5").hasSize(3);
    }

    @Test
    void whatLeavesNoNodeIsNotTimed() {
        MailboxFixture it = timed(MailboxFixture.unlimited());
        it.mailbox.drainTo(event -> {});
        it.offerAll(events("a", 1, 3));
        it.executor.runAll();
        assertThat(told.sent).isEmpty();
    }

    @Test
    void nothingIsTimedThatCameWhileNobodyWantedToKnow() {
        MailboxFixture it = MailboxFixture.unlimited();
        RecordingSender sender = new RecordingSender();
        it.mailbox.drainTo(sender);
        it.offer(event("a", 1));
        it.executor.runAll();
        timed(it);
        complete(it, sender);
        assertThat(told.sent).isEmpty();
    }
}
