package dev.channels.internal.node;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.internal.presence.Presence;
import dev.channels.internal.stream.FollowedChannel;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.Durations;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.NotRunning;
import dev.channels.internal.task.ReadyJobs;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelsBackend;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to which channel on this node, and the fan-out to them.
 *
 * <p>Invariant: whenever no backend call for a channel is under way, the backend is subscribed to
 * it if and only if it has subscribers, or will be tried again because the broker is away. {@link
 * Channel} draws the states. Every change of a channel happens inside {@code compute}, every
 * backend call and completion outside of it.
 */
final class Registry {

    private final ChannelsBackend backend;
    private final Counters counters;
    private final NodeLog log;
    private final Retries retries;
    private final Presence presence;

    /** Whether the backend counts without holes, so that a hole is a gap. */
    private final boolean contiguous;

    /** The bound of what is kept of the channels' histories; null where the backend needs none. */
    private final @Nullable HistoryBudget budget;

    private final ConcurrentMap<String, Channel> channels = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Registry(
            ChannelsBackend backend,
            Counters counters,
            NodeLog log,
            Retries retries,
            Presence presence,
            boolean contiguous,
            @Nullable HistoryBudget budget) {
        this.backend = backend;
        this.counters = counters;
        this.log = log;
        this.retries = retries;
        this.presence = presence;
        this.contiguous = contiguous;
        this.budget = budget;
    }

    // ---- Fan-out, on the threads of the backend

    void deliver(ChannelEvent event) {
        Durations durations = counters.durations();
        long start = durations == Durations.NONE ? 0 : System.nanoTime();
        Channel channel = channels.get(event.channel());
        if (channel == null) {
            return;
        }
        switch (channel.advance(event, contiguous)) {
            case DUPLICATE -> {
                counters.duplicates.increment();
                return;
            }
            case HOLE -> tellGap(event.channel(), channel);
            case NEXT -> {}
        }
        counters.received.increment();
        if (channel.subscribers() == 1) {
            channel.forEach(subscriber -> subscriber.put(event, null));
        } else {
            putTogether(event, channel);
        }
        if (durations != Durations.NONE) {
            durations.fannedOut(event.channel(), System.nanoTime() - start);
        }
    }

    private static void putTogether(ChannelEvent event, Channel channel) {
        ReadyJobs ready = new ReadyJobs();
        try {
            channel.forEach(subscriber -> subscriber.put(event, ready));
        } finally {
            ready.handOver();
        }
    }

    void gap(String name) {
        Channel channel = channels.get(name);
        if (channel != null) {
            channel.gapTold();
        }
        tellGap(name, channel);
    }

    private void tellGap(String name, @Nullable Channel channel) {
        counters.gaps.increment();
        log.warn(
                ErrorCode.GAP,
                () ->
                        "Events of channel '"
                                + ChannelNames.printable(name)
                                + "' are lost to this node. Further gaps, of other channels too,"
                                + " are counted and told later.",
                null);
        if (channel != null) {
            forgetSeen(channel);
            channel.forEach(subscriber -> subscriber.gap(name));
        }
    }

    /** Nobody is given any more from memory what this node has seen of a channel. */
    void forgetSeen(String name) {
        Channel channel = channels.get(name);
        if (channel != null) {
            forgetSeen(channel);
        }
    }

    private void forgetSeen(Channel channel) {
        Tail tail = channel.tail();
        if (tail != null && budget != null) {
            budget.free(tail.clear());
        }
    }

    void presenceChanged(PresenceChange change) {
        Channel channel = channels.get(change.channel());
        if (channel != null) {
            channel.forEach(subscriber -> subscriber.presenceChanged(change));
        }
    }

    /** Returns a channel that has subscribers, or null. */
    @Nullable Channel channel(String name) {
        return channels.get(name);
    }

    /** Shows the channels that have subscribers, without holding up anything. */
    void show(ChannelVisitor visitor) {
        channels.forEach(
                (name, channel) ->
                        visitor.visit(
                                name, channel.subscribers(), channel.events(), channel.reached()));
    }

    // ---- Membership

    /**
     * A channel that a subscriber has begun to follow, and what completes when it is subscribed.
     */
    record Attached(FollowedChannel followed, CompletableFuture<Void> present) {}

    /**
     * Subscribes a subscriber to channels, and has its mailbox follow them; those that it is
     * subscribed to are left out.
     *
     * @return for each other channel what completes when the backend is subscribed to it;
     *     exceptionally when it cannot be, the subscriber being out of it then
     */
    List<Attached> attach(LocalSubscriber subscriber, Set<String> names, boolean rereadable) {
        List<Attached> attached = new ArrayList<>(names.size());
        Calls due = new Calls();
        for (String name : names) {
            channels.compute(
                    name,
                    (n, known) -> {
                        Channel channel = known == null ? new Channel(newTail()) : known;
                        if (subscriber.addChannel(n)) {
                            // Before the channel has it: what is delivered then is held.
                            FollowedChannel followed = subscriber.mailbox.follow(n, rereadable);
                            attached.add(new Attached(followed, channel.add(subscriber)));
                            due.add(n, channel.beginCall());
                        }
                        return channel;
                    });
        }
        make(due);
        return attached;
    }

    private @Nullable Tail newTail() {
        return budget == null ? null : new Tail(budget);
    }

    /**
     * Ends the subscriptions of a subscriber whose mailbox takes no more events: what waits there
     * is still consumed.
     */
    void detach(LocalSubscriber subscriber) {
        remove(subscriber, subscriber.channels(), name -> {});
    }

    /** Ends the subscriptions of channels; those that there are not are left out. */
    void leave(LocalSubscriber subscriber, Set<String> names) {
        remove(subscriber, names, subscriber.mailbox::leave);
    }

    /**
     * Ends the subscription of a channel that cannot be joined, unless the subscriber has left it
     * meanwhile, or joined it anew: a join that is late must not end its successor.
     */
    void refuse(LocalSubscriber subscriber, FollowedChannel followed, ChannelsException reason) {
        Calls due = new Calls();
        channels.compute(
                followed.name(),
                (name, channel) -> {
                    boolean refused = subscriber.mailbox.refuse(followed, reason);
                    if (refused && subscriber.removeChannel(name) && channel != null) {
                        channel.remove(subscriber);
                        due.add(name, channel.beginCall());
                    }
                    return channel == null ? null : keptOrNull(channel);
                });
        subscriber.mailbox.wake();
        make(due);
    }

    /** A client is there behind the subscription of a channel, if there is one. */
    void enter(LocalSubscriber subscriber, String name, PresentClient client) {
        channels.computeIfPresent(
                name,
                (n, channel) -> {
                    subscriber.enter(n, client, presence);
                    return channel;
                });
        presence.tell();
    }

    private void remove(LocalSubscriber subscriber, Set<String> names, Consumer<String> removed) {
        Calls due = new Calls();
        for (String name : names) {
            channels.computeIfPresent(
                    name,
                    (n, channel) -> {
                        if (subscriber.removeChannel(n)) {
                            removed.accept(n);
                            channel.remove(subscriber);
                            due.add(n, channel.beginCall());
                        }
                        return keptOrNull(channel);
                    });
        }
        make(due);
    }

    private @Nullable Channel keptOrNull(Channel channel) {
        if (!channel.isIdle()) {
            return channel;
        }
        Tail tail = channel.tail();
        if (tail != null && budget != null) {
            budget.release(tail);
        }
        return null;
    }

    // ---- Calls of the backend

    /** The calls that are due after a change, each channel in one of them at the most. */
    private static final class Calls {
        final Set<String> subscribe = new LinkedHashSet<>();
        final Set<String> unsubscribe = new LinkedHashSet<>();

        void add(String name, Channel.@Nullable State begun) {
            if (begun == Channel.State.SUBSCRIBING) {
                subscribe.add(name);
            } else if (begun == Channel.State.UNSUBSCRIBING) {
                unsubscribe.add(name);
            }
        }
    }

    /** Makes no call of the backend any more: it is about to be stopped. */
    void close() {
        closed = true;
    }

    private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> method) {
        return closed
                ? CompletableFuture.failedFuture(NotRunning.exception())
                : BackendCalls.call(method);
    }

    private void make(Calls due) {
        presence.tell();
        if (!due.subscribe.isEmpty()) {
            Set<String> names = Set.copyOf(due.subscribe);
            call(() -> backend.subscribe(names)).whenComplete((v, e) -> endSubscribe(names, e));
        }
        if (!due.unsubscribe.isEmpty()) {
            Set<String> names = Set.copyOf(due.unsubscribe);
            call(() -> backend.unsubscribe(names)).whenComplete((v, e) -> endUnsubscribe(names, e));
        }
    }

    private void endSubscribe(Set<String> names, @Nullable Throwable outcome) {
        Throwable failure = outcome == null ? null : Causes.of(outcome);
        if (failure instanceof BrokerUnavailableException) {
            change(names, (name, channel) -> channel.endSubscribeUnavailable(), false);
            retries.add(() -> change(names, (name, channel) -> {}, true));
            return;
        }
        List<CompletableFuture<Void>> ended = new ArrayList<>(names.size());
        change(
                names,
                (name, channel) -> {
                    if (failure == null) {
                        ended.add(channel.endSubscribe());
                    } else {
                        channel.forEach(subscriber -> subscriber.removeChannel(name));
                        ended.add(channel.endSubscribeRefused());
                    }
                },
                true);
        for (CompletableFuture<Void> presence : ended) {
            if (failure == null) {
                presence.complete(null);
            } else {
                presence.completeExceptionally(failure);
            }
        }
    }

    private void endUnsubscribe(Set<String> names, @Nullable Throwable failure) {
        if (failure != null && !closed) {
            log.warn(
                    ErrorCode.SUBSCRIBE_FAILED,
                    () ->
                            "The backend could not unsubscribe from "
                                    + ChannelNames.printable(names)
                                    + "; taken as unsubscribed",
                    failure);
        }
        change(names, (name, channel) -> channel.endUnsubscribe(), true);
    }

    /** Changes channels, and makes the calls that are due then. */
    private void change(Set<String> names, BiConsumer<String, Channel> change, boolean callAgain) {
        Calls due = new Calls();
        for (String name : names) {
            channels.computeIfPresent(
                    name,
                    (n, channel) -> {
                        change.accept(n, channel);
                        if (callAgain) {
                            due.add(n, channel.beginCall());
                        }
                        return keptOrNull(channel);
                    });
        }
        make(due);
    }
}
