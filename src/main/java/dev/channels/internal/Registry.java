package dev.channels.internal;

import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.NotRunning;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Log;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to which channel on this node, and the fan-out to them.
 *
 * <p>Invariant: whenever no backend call for a channel is under way, the backend is subscribed to
 * it if and only if it has members. {@link Channel} draws the states. Every change of a channel
 * happens inside {@code compute}, every backend call and completion outside of it.
 */
final class Registry {

    private final ChannelsBackend backend;
    private final Counters counters;
    private final ConcurrentMap<String, Channel> channels = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Registry(ChannelsBackend backend, Counters counters) {
        this.backend = backend;
        this.counters = counters;
    }

    // ---- Fan-out, on the threads of the backend

    void deliver(ChannelEvent event) {
        Channel channel = channels.get(event.channel());
        if (channel == null) {
            return;
        }
        if (!channel.advance(event.position())) {
            counters.duplicates.increment();
            return;
        }
        counters.received.increment();
        for (Member member : channel.members()) {
            member.put(event);
        }
    }

    void gap(String name) {
        counters.gaps.increment();
        Log.warn(
                ErrorCode.GAP,
                "Events of channel '" + ChannelNames.printable(name) + "' are lost to this node",
                null);
        Channel channel = channels.get(name);
        if (channel != null) {
            for (Member member : channel.members()) {
                member.gap(name);
            }
        }
    }

    // ---- Membership

    /**
     * Makes a member of channels.
     *
     * @return completes when the backend is subscribed to all of them; exceptionally when it cannot
     *     be to one, the member being out of that one then
     */
    CompletableFuture<Void> attach(Member member, Set<String> names) {
        List<CompletableFuture<Void>> presences = new ArrayList<>(names.size());
        Calls due = new Calls();
        for (String name : names) {
            channels.compute(
                    name,
                    (n, known) -> {
                        Channel channel = known == null ? new Channel() : known;
                        if (member.addChannel(n)) {
                            presences.add(channel.add(member));
                            due.add(n, channel.beginCall());
                        }
                        return channel;
                    });
        }
        make(due);
        return CompletableFuture.allOf(presences.toArray(CompletableFuture[]::new));
    }

    /**
     * Ends a member's membership of channels; those it is no member of are left out.
     *
     * @return whether it is a member of none any more
     */
    boolean detach(Member member, Set<String> names) {
        Calls due = new Calls();
        for (String name : names) {
            channels.computeIfPresent(
                    name,
                    (n, channel) -> {
                        if (member.removeChannel(n)) {
                            channel.remove(member);
                            due.add(n, channel.beginCall());
                        }
                        return channel.isIdle() ? null : channel;
                    });
        }
        make(due);
        return member.channels().isEmpty();
    }

    // ---- Backend calls

    /** The calls that a change of channels made due. */
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
        if (!due.subscribe.isEmpty()) {
            Set<String> names = Set.copyOf(due.subscribe);
            call(() -> backend.subscribe(names)).whenComplete((v, e) -> endSubscribe(names, e));
        }
        if (!due.unsubscribe.isEmpty()) {
            Set<String> names = Set.copyOf(due.unsubscribe);
            call(() -> backend.unsubscribe(names)).whenComplete((v, e) -> endUnsubscribe(names, e));
        }
    }

    private void endSubscribe(Set<String> names, @Nullable Throwable failure) {
        Calls due = new Calls();
        List<CompletableFuture<Void>> ended = new ArrayList<>(names.size());
        for (String name : names) {
            channels.computeIfPresent(
                    name,
                    (n, channel) -> {
                        if (failure != null) {
                            for (Member member : channel.members()) {
                                member.removeChannel(n);
                            }
                        }
                        ended.add(channel.endSubscribe(failure == null));
                        due.add(n, channel.beginCall());
                        return channel.isIdle() ? null : channel;
                    });
        }
        make(due);
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
            Log.warn(
                    ErrorCode.SUBSCRIBE_FAILED,
                    "The backend could not unsubscribe from "
                            + ChannelNames.printable(names)
                            + "; taken as unsubscribed",
                    failure);
        }
        Calls due = new Calls();
        for (String name : names) {
            channels.computeIfPresent(
                    name,
                    (n, channel) -> {
                        channel.endUnsubscribe();
                        due.add(n, channel.beginCall());
                        return channel.isIdle() ? null : channel;
                    });
        }
        make(due);
    }
}
