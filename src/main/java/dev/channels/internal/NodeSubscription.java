package dev.channels.internal;

import dev.channels.Subscriber;
import dev.channels.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A subscription that a node has made. */
final class NodeSubscription implements Subscription {

    final Member member;
    private final ChannelsNode node;
    private final CompletableFuture<Void> established;

    NodeSubscription(ChannelsNode node, Member member, CompletableFuture<Void> established) {
        this.node = node;
        this.member = member;
        this.established = established;
    }

    @Override
    public Subscriber subscriber() {
        return member.subscriber;
    }

    @Override
    public CompletionStage<Void> established() {
        return established.minimalCompletionStage();
    }

    @Override
    public void close() {
        node.unsubscribe(member.subscriber);
    }
}
