package dev.channels.internal.node;

import dev.channels.Note;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.internal.task.Stages;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A subscription that a node has made. */
final class NodeSubscription implements Subscription {

    /** What the node does for it. */
    interface Joining {

        void join(LocalSubscriber subscriber, Start start, Collection<String> channels);

        void leave(LocalSubscriber subscriber, Collection<String> channels);

        void enter(LocalSubscriber subscriber, String channel, PresentClient client);
    }

    final LocalSubscriber local;
    private final Joining joining;
    private final Executor executor;

    /** For the library's own use: it completes on a thread of the backend. */
    final CompletableFuture<Void> established;

    NodeSubscription(
            Joining joining,
            LocalSubscriber local,
            Executor executor,
            CompletableFuture<Void> established) {
        this.joining = joining;
        this.local = local;
        this.executor = executor;
        this.established = established;
    }

    @Override
    public Subscriber subscriber() {
        return local.subscriber;
    }

    @Override
    public CompletionStage<Void> established() {
        return Stages.shown(established, executor);
    }

    @Override
    public void join(Start start, Collection<String> channels) {
        joining.join(local, Objects.requireNonNull(start, "start"), channels);
    }

    @Override
    public void leave(Collection<String> channels) {
        joining.leave(local, channels);
    }

    @Override
    public void enter(String channel, PresentClient client) {
        joining.enter(
                local,
                Objects.requireNonNull(channel, "channel"),
                Objects.requireNonNull(client, "client"));
    }

    @Override
    public boolean put(Note note) {
        return local.mailbox.put(note);
    }

    @Override
    public void close() {
        local.mailbox.close();
    }
}
