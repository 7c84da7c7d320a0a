package dev.channels.internal;

import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.internal.task.Stages;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A subscription that a node has made. */
final class NodeSubscription implements Subscription {

    final Member member;
    private final ChannelsNode node;
    private final Executor executor;

    /** For the library's own use: it completes on a thread of the backend. */
    final CompletableFuture<Void> established;

    NodeSubscription(
            ChannelsNode node,
            Member member,
            Executor executor,
            CompletableFuture<Void> established) {
        this.node = node;
        this.member = member;
        this.executor = executor;
        this.established = established;
    }

    @Override
    public Subscriber subscriber() {
        return member.subscriber;
    }

    @Override
    public CompletionStage<Void> established() {
        return Stages.shown(established, executor);
    }

    @Override
    public void close() {
        node.unsubscribe(member.subscriber);
    }
}
