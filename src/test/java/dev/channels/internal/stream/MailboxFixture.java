package dev.channels.internal.stream;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.Joined;
import dev.channels.OfferResult;
import dev.channels.Subscriber;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.TestLogs;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import dev.channels.test.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A mailbox with everything around it, the time included: it stands still until it is moved. */
final class MailboxFixture {

    final ManualExecutor executor;
    final Counters counters;
    final AtomicLong nanos;
    final AtomicInteger closed = new AtomicInteger();
    final List<ChannelEvent> dropped = new ArrayList<>();
    final Mailbox mailbox;
    private final NodeLog log;
    private final Limits limits;
    private final DrainPools pools;

    private MailboxFixture(Limits limits, Executor chosen) {
        this.limits = limits;
        executor = new ManualExecutor();
        nanos = new AtomicLong();
        counters = new Counters();
        log = TestLogs.direct();
        Executor used = chosen == null ? executor : chosen;
        pools =
                new DrainPools(
                        new DrainPool(used, new ManualScheduler(), 1, 0, nanos::get),
                        new DrainPool(used, new ManualScheduler(), 1, 0, nanos::get));
        mailbox = new Mailbox(limits, pools, counters, log, closed::incrementAndGet);
        flow(mailbox, "a", "b", "c");
    }

    private MailboxFixture(MailboxFixture neighbour) {
        limits = neighbour.limits;
        executor = neighbour.executor;
        nanos = neighbour.nanos;
        counters = neighbour.counters;
        log = neighbour.log;
        pools = neighbour.pools;
        mailbox = new Mailbox(limits, pools, counters, log, closed::incrementAndGet);
        flow(mailbox, "a", "b", "c");
    }

    /** Another mailbox on the same pools. */
    MailboxFixture beside() {
        return new MailboxFixture(this);
    }

    static MailboxFixture limited(int events, BacklogStrategy strategy) {
        return limited(events, strategy, Threads.PATIENCE);
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
                        Threads.PATIENCE),
                executor);
    }

    /** Begins the streams of channels, from now on. */
    static void flow(Mailbox mailbox, String... channels) {
        for (String channel : channels) {
            mailbox.give(mailbox.follow(channel, false), null, List.of(), true, () -> {});
        }
    }

    /** Begins the stream of a channel with a history. */
    void begin(FollowedChannel channel, List<ChannelEvent> history) {
        Joined joined = new Joined(channel.name(), null, true, history.size());
        mailbox.give(channel, joined, history, true, () -> {});
    }

    OfferResult offer(ChannelEvent event) {
        return mailbox.offer(event, dropped::add);
    }

    void offerAll(List<ChannelEvent> events) {
        events.forEach(this::offer);
    }

    /** The events of the stream, as a subscriber iterates over them. */
    Iterable<ChannelEvent> events() {
        return new Subscriber(mailbox).iterEvents();
    }

    List<ChannelEvent> iterateRest() {
        List<ChannelEvent> rest = new ArrayList<>();
        events().forEach(rest::add);
        return rest;
    }
}
