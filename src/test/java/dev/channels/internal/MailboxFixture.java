package dev.channels.internal;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.OfferResult;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A mailbox with everything around it. */
final class MailboxFixture {

    final ManualExecutor executor = new ManualExecutor();
    final Counters counters = new Counters();
    final AtomicInteger closed = new AtomicInteger();
    final List<ChannelEvent> dropped = new ArrayList<>();
    final Mailbox mailbox;

    private MailboxFixture(Limits limits, Executor chosen) {
        Executor used = chosen == null ? executor : chosen;
        mailbox =
                new Mailbox(
                        limits,
                        new DrainPools(
                                new DrainPool(used, new ManualScheduler(), 1, 0),
                                new DrainPool(used, new ManualScheduler(), 1, 0)),
                        counters,
                        closed::incrementAndGet);
    }

    static MailboxFixture limited(int events, BacklogStrategy strategy) {
        return limited(events, strategy, Duration.ofSeconds(10));
    }

    static MailboxFixture limited(int events, BacklogStrategy strategy, Duration joinTimeout) {
        return new MailboxFixture(new Limits(events, Long.MAX_VALUE, strategy, joinTimeout), null);
    }

    static MailboxFixture unlimited() {
        return limited(Integer.MAX_VALUE, BacklogStrategy.BACKOFF);
    }

    static MailboxFixture on(Executor executor) {
        return new MailboxFixture(
                new Limits(
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        BacklogStrategy.BACKOFF,
                        Duration.ofSeconds(10)),
                executor);
    }

    OfferResult offer(ChannelEvent event) {
        return mailbox.offer(event, dropped::add);
    }

    void offerAll(List<ChannelEvent> events) {
        events.forEach(this::offer);
    }

    List<ChannelEvent> iterateRest() {
        List<ChannelEvent> rest = new ArrayList<>();
        mailbox.events().forEach(rest::add);
        return rest;
    }
}
