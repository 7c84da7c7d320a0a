package dev.channels.internal.stream;

import static dev.channels.test.Events.event;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Joined;
import dev.channels.OfferResult;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.NeverScheduler;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.SureExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A mailbox whose drain runs on the thread that makes it ready, and what its sender sees. */
final class ObservedStream implements EventSender {

    private static final NeverScheduler SCHEDULER = new NeverScheduler();
    private static final NodeLog LOG =
            new NodeLog(SureExecutor.on(Runnable::run, SCHEDULER), SCHEDULER);

    final Counters counters = new Counters();
    final Mailbox mailbox;
    private final boolean completesAtOnce;
    private final AtomicReference<Completion> unanswered = new AtomicReference<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile boolean overlapped;
    private volatile boolean sentAfterTheEnd;

    /** Written by one drain at a time; read when all actors are done. */
    private final List<Delivery> sent = new ArrayList<>();

    ObservedStream(DrainPool pool, boolean completesAtOnce) {
        this.completesAtOnce = completesAtOnce;
        this.mailbox =
                new Mailbox(
                        new Limits(
                                100, Long.MAX_VALUE, BacklogStrategy.BACKOFF, Duration.ofDays(1)),
                        new DrainPools(pool, pool),
                        counters,
                        LOG,
                        closed::incrementAndGet);
        this.mailbox.drainTo(this);
    }

    /** A pool whose tasks run where they are started; one at a time may serve. */
    static DrainPool pool() {
        return new DrainPool(Runnable::run, SCHEDULER, 1, 0);
    }

    /** Begins to follow a channel from now on. */
    ObservedStream follows(String channel) {
        mailbox.give(mailbox.follow(channel, false), null, List.of(), true, () -> {});
        return this;
    }

    /** Offers an event; returns 1 if it was accepted, or 0. */
    int offer(String channel, long offset) {
        OfferResult result = mailbox.offer(event(channel, offset), dropped -> {});
        return result == OfferResult.ACCEPTED ? 1 : 0;
    }

    /** Answers the send in flight, if there is one. */
    boolean answer() {
        Completion completion = unanswered.getAndSet(null);
        if (completion == null) {
            return false;
        }
        completion.sent();
        return true;
    }

    @Override
    public void send(Delivery delivery, Completion completion) {
        if (!busy.compareAndSet(false, true)) {
            overlapped = true;
        }
        if (ends.get() > 0) {
            sentAfterTheEnd = true;
        }
        sent.add(delivery);
        if (!completesAtOnce) {
            unanswered.set(completion);
        }
        busy.set(false);
        if (completesAtOnce) {
            completion.sent();
        }
    }

    @Override
    public void ended(Throwable failure) {
        ends.incrementAndGet();
    }

    /** Returns what was sent, as words: the offsets per channel, "joined", and what is wrong. */
    String seen(String channel) {
        StringBuilder words = new StringBuilder();
        for (Delivery delivery : sent) {
            if (delivery instanceof ChannelEvent event && event.channel().equals(channel)) {
                words.append(event.position().offset());
            } else if (delivery instanceof Joined joined && joined.channel().equals(channel)) {
                words.append('j');
            }
        }
        return words + faults();
    }

    int sentCount() {
        return sent.size();
    }

    /** Returns how many events were accepted, are not sent and are counted as such. */
    long notSent() {
        return counters.discarded.sum();
    }

    int ends() {
        return ends.get();
    }

    int closed() {
        return closed.get();
    }

    String faults() {
        return (overlapped ? " overlapped" : "") + (sentAfterTheEnd ? " sent after the end" : "");
    }
}
