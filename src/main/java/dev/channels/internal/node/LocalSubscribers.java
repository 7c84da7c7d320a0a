package dev.channels.internal.node;

import dev.channels.EventSender;
import dev.channels.Start;
import dev.channels.Subscriber;
import dev.channels.internal.stream.Limits;
import dev.channels.internal.stream.Mailbox;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.HookClock;
import dev.channels.internal.task.NodeLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The subscribers of this node, and how they come to join and leave channels. */
final class LocalSubscribers {

    private final NodeSettings settings;
    private final DrainPools pools;
    private final Counters counters;
    private final NodeLog log;
    private final HookClock hooks;
    private final Map<Subscriber, LocalSubscriber> known =
            Collections.synchronizedMap(new IdentityHashMap<>());

    LocalSubscribers(NodeSettings settings, DrainPools pools, Counters counters, NodeLog log) {
        this.settings = settings;
        this.pools = pools;
        this.counters = counters;
        this.log = log;
        this.hooks = new HookClock(log);
    }

    /** Returns a subscriber of this node by what the application has of it; null if it is none. */
    @Nullable LocalSubscriber of(Subscriber subscriber) {
        return known.get(subscriber);
    }

    List<LocalSubscriber> all() {
        synchronized (known) {
            return List.copyOf(known.values());
        }
    }

    int count() {
        return known.size();
    }

    WaitingEvents backlog() {
        long events = 0;
        long bytes = 0;
        for (LocalSubscriber subscriber : all()) {
            events += subscriber.mailbox.size();
            bytes += subscriber.mailbox.bytes();
        }
        return new WaitingEvents(events, bytes);
    }

    void clear() {
        known.clear();
    }

    /**
     * Makes a subscriber of no channels yet.
     *
     * @param sender consumes it from the first moment on, or null
     * @param lasting whether it stays when it leaves its last channel
     */
    LocalSubscriber make(RunningNode run, @Nullable EventSender sender, boolean lasting) {
        LocalSubscriber made =
                new LocalSubscriber(
                        limits(sender != null),
                        pools,
                        counters,
                        log,
                        hooks,
                        settings.subscribers(),
                        lasting,
                        closed -> forget(run, closed));
        made.sender = sender;
        if (sender != null) {
            made.mailbox.drainTo(sender);
        }
        known.put(made.subscriber, made);
        if (!made.mailbox.isOpen()) {
            // Its sender failed before it was known.
            forget(run, made);
        }
        return made;
    }

    private Limits limits(boolean sending) {
        return new Limits(
                settings.maxBacklog(),
                sending ? settings.maxSenderBacklogBytes() : settings.maxBacklogBytes(),
                settings.strategy(),
                settings.shutdownTimeout());
    }

    /** Forgets a subscriber whose mailbox takes no more events. */
    private void forget(RunningNode run, LocalSubscriber subscriber) {
        run.registry.detach(subscriber);
        known.remove(subscriber.subscriber);
        subscriber.closed.complete(null);
    }

    /**
     * Begins to join channels.
     *
     * @return completes when the stream has begun for all of them, exceptionally if one is refused;
     *     channels that were joined already count as they are
     */
    CompletableFuture<Void> join(
            RunningNode run, LocalSubscriber subscriber, Start start, Set<String> names) {
        Mailbox mailbox = subscriber.mailbox;
        boolean rereadable =
                mailbox.consumesAtOnce()
                        && !Join.asksNothing(start)
                        && run.history.kept().isPresent();
        List<CompletableFuture<Void>> joins = new ArrayList<>(names.size());
        for (Registry.Attached attached : run.registry.attach(subscriber, names, rereadable)) {
            Join join = new Join(subscriber, attached.followed(), start, run);
            joins.add(join.established());
            var unused = attached.present().whenComplete((v, failure) -> join.subscribed(failure));
        }
        if (!mailbox.isOpen()) {
            // It ended before it was subscribed, and nobody else would unsubscribe it.
            forget(run, subscriber);
        }
        return CompletableFuture.allOf(joins.toArray(CompletableFuture[]::new));
    }

    /** Leaves channels; with the last of them the stream ends, unless the subscriber is lasting. */
    void leave(RunningNode run, LocalSubscriber subscriber, Collection<String> names) {
        Set<String> left = Set.copyOf(names);
        if (!subscriber.lasting && left.containsAll(subscriber.channels())) {
            subscriber.mailbox.close();
            return;
        }
        run.registry.leave(subscriber, left);
    }
}
