package dev.channels.internal.node;

import dev.channels.Backlog;
import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
import dev.channels.Subscriber;
import dev.channels.internal.stream.Limits;
import dev.channels.internal.stream.Mailbox;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.Episode;
import dev.channels.spi.Log;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A subscriber of this node: with its mailbox and the channels it is subscribed to. Keeps what a
 * subclass of the application throws from everybody else.
 */
final class LocalSubscriber {

    final Subscriber subscriber;
    final Mailbox mailbox;

    /** Whether it stays when it leaves its last channel. */
    final boolean lasting;

    /** Replaced, never changed: most subscribers have one channel. */
    private volatile Set<String> channels = Set.of();

    /** Whether the class is the library's, so that there is no hook to call. */
    private final boolean plain;

    private final Counters counters;
    private final Episode throwing = new Episode();

    /**
     * Makes a subscriber with a mailbox of its own.
     *
     * @param lasting whether it stays when it leaves its last channel
     * @param onClosed called once, with no lock held, when the mailbox takes no more events
     */
    LocalSubscriber(
            Limits limits,
            DrainPools pools,
            Counters counters,
            Function<Backlog, Subscriber> subscribers,
            boolean lasting,
            Consumer<LocalSubscriber> onClosed) {
        this.lasting = lasting;
        this.counters = counters;
        this.mailbox = new Mailbox(limits, pools, counters, () -> onClosed.accept(this));
        this.subscriber = subscribers.apply(mailbox);
        this.plain = subscriber.getClass() == Subscriber.class;
    }

    /** Returns the channels that it is subscribed to, or about to be. */
    Set<String> channels() {
        return channels;
    }

    /** Adds a channel; false if it was there. */
    synchronized boolean addChannel(String name) {
        Set<String> more = new HashSet<>(channels);
        boolean added = more.add(name);
        channels = Set.copyOf(more);
        return added;
    }

    /** Removes a channel; false if it was not there. */
    synchronized boolean removeChannel(String name) {
        Set<String> less = new HashSet<>(channels);
        boolean removed = less.remove(name);
        channels = Set.copyOf(less);
        return removed;
    }

    void put(ChannelEvent event) {
        if (plain) {
            mailbox.offer(event, LocalSubscriber::tellNobody);
            return;
        }
        try {
            subscriber.put(event);
            throwing.end();
        } catch (Throwable e) {
            threw(e);
        }
    }

    private static void tellNobody(ChannelEvent dropped) {}

    void gap(String channel) {
        mailbox.gap(channel);
        if (plain) {
            return;
        }
        try {
            subscriber.gap(channel);
            throwing.end();
        } catch (Throwable e) {
            threw(e);
        }
    }

    private void threw(Throwable e) {
        counters.applicationFailures.increment();
        if (throwing.begin()) {
            Log.warn(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    "The subscriber class "
                            + subscriber.getClass().getName()
                            + " threw; the others are served. Not logged again until it has"
                            + " returned normally.",
                    e);
        }
    }
}
