package dev.channels.internal.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.Backlog;
import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.Subscriber;
import dev.channels.internal.presence.Presence;
import dev.channels.internal.stream.Limits;
import dev.channels.internal.stream.Mailbox;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.HookClock;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.ReadyJobs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber of this node: with its mailbox and the channels it is subscribed to. Keeps what a
 * subclass of the application throws from everybody else.
 */
final class LocalSubscriber {

    final Subscriber subscriber;
    final Mailbox mailbox;

    /** Whether it stays when it leaves its last channel. */
    final boolean lasting;

    /** Completes when it takes no more events. */
    final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Replaced, never changed: most subscribers have one channel. */
    private volatile Set<String> channels = Set.of();

    /** How the clients leave that are there behind this subscriber, by channel. */
    @GuardedBy("this")
    private Map<String, Runnable> entered = Map.of();

    /** Who consumes it, if that is a sender. */
    volatile @Nullable EventSender sender;

    /** Whether the class is the library's, so that there is no hook to call. */
    private final boolean plain;

    private final Counters counters;
    private final NodeLog log;
    private final HookClock hooks;

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
            NodeLog log,
            HookClock hooks,
            Function<Backlog, Subscriber> subscribers,
            boolean lasting,
            Consumer<LocalSubscriber> onClosed) {
        this.lasting = lasting;
        this.counters = counters;
        this.log = log;
        this.hooks = hooks;
        this.mailbox = new Mailbox(limits, pools, counters, log, () -> onClosed.accept(this));
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

    /** Removes a channel, and with it the client there; false if it was not there. */
    synchronized boolean removeChannel(String name) {
        Set<String> less = new HashSet<>(channels);
        if (!less.remove(name)) {
            return false;
        }
        channels = Set.copyOf(less);
        Runnable leave = entered.get(name);
        if (leave != null) {
            Map<String, Runnable> others = new HashMap<>(entered);
            others.remove(name);
            entered = Map.copyOf(others);
            leave.run();
        }
        return true;
    }

    /** Says that a client is there in a channel, unless the channel is left already. */
    synchronized void enter(String name, PresentClient client, Presence presence) {
        if (!channels.contains(name)) {
            return;
        }
        Map<String, Runnable> more = new HashMap<>(entered);
        Runnable before = more.put(name, () -> presence.leave(name, client.id()));
        entered = Map.copyOf(more);
        if (before != null) {
            before.run();
        }
        presence.enter(name, client);
    }

    /** Tells the sender, if there is one. */
    void presenceChanged(PresenceChange change) {
        EventSender told = sender;
        if (told == null) {
            return;
        }
        long begun = hooks.begin();
        try {
            told.presenceChanged(change);
        } catch (Throwable e) {
            threw(told.getClass(), e);
        } finally {
            hooks.end(begun, told.getClass());
        }
    }

    /**
     * Puts an event into the stream.
     *
     * @param others takes what is to be queued, to be handed over by the caller; null to have it
     *     queued at once
     */
    void put(ChannelEvent event, @Nullable ReadyJobs others) {
        if (plain) {
            mailbox.offer(event, LocalSubscriber::tellNobody, others);
            return;
        }
        if (others != null) {
            others.handOver();
        }
        long begun = hooks.begin();
        try {
            subscriber.put(event);
        } catch (Throwable e) {
            threw(subscriber.getClass(), e);
        } finally {
            hooks.end(begun, subscriber.getClass());
        }
    }

    private static void tellNobody(ChannelEvent dropped) {}

    void gap(String channel) {
        mailbox.gap(channel);
        if (plain) {
            return;
        }
        long begun = hooks.begin();
        try {
            subscriber.gap(channel);
        } catch (Throwable e) {
            threw(subscriber.getClass(), e);
        } finally {
            hooks.end(begun, subscriber.getClass());
        }
    }

    private void threw(Class<?> type, Throwable e) {
        counters.applicationFailures.increment();
        String name = type.getName();
        log.warn(
                ErrorCode.APPLICATION_CODE_FAILED,
                name,
                () -> "The class " + name + " of a subscriber threw; the others are served.",
                e);
    }
}
