package dev.channels.internal.node;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.Subscriber;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.NotRunning;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the subscriptions of a node, and has them join and leave channels. Whatever began while the
 * node was running ends with it: a stop does not see who joins beside it, so that who joins looks
 * again.
 */
final class NodeSubscriptions implements NodeSubscription.Joining {

    private final NodeLife life;
    private final DeclaredChannels declared;
    private final LocalSubscribers subscribers;
    private final Executor executor;
    private final Duration timeout;

    /**
     * Makes none yet.
     *
     * @param executor runs what applications chain to a subscription
     * @param timeout how long a blocking call waits for the broker
     */
    NodeSubscriptions(
            NodeLife life,
            DeclaredChannels declared,
            LocalSubscribers subscribers,
            Executor executor,
            Duration timeout) {
        this.life = life;
        this.declared = declared;
        this.subscribers = subscribers;
        this.executor = executor;
        this.timeout = timeout;
    }

    // ---- Beginning

    /** Subscribes, and waits until that is in force. */
    NodeSubscription startAndAwait(Collection<String> channels, Start start) {
        NodeSubscription subscription = begin(channels, start, null);
        try {
            await(
                    subscription.established,
                    "A subscription of " + ChannelNames.printable(channels));
        } catch (ChannelsException e) {
            subscription.local.mailbox.end(e);
            throw e;
        }
        return subscription;
    }

    /** Subscribes a sender, and waits for nothing. */
    NodeSubscription start(Collection<String> channels, Start start, EventSender sender) {
        Objects.requireNonNull(sender, "sender");
        NodeSubscription subscription = begin(channels, start, sender);
        LocalSubscriber local = subscription.local;
        var unused =
                subscription.established.exceptionally(
                        failure -> {
                            if (local.mailbox.isOpen() && local.channels().isEmpty()) {
                                local.mailbox.end(Causes.of(failure));
                            }
                            return null;
                        });
        return subscription;
    }

    private NodeSubscription begin(
            Collection<String> channels, Start start, @Nullable EventSender sender) {
        Objects.requireNonNull(start, "start");
        RunningNode current = life.running();
        Set<String> names = declared.require(channels);
        LocalSubscriber subscriber = subscribers.make(current, sender, false);
        CompletableFuture<Void> established = subscribers.join(current, subscriber, start, names);
        requireStillRunning(current, subscriber);
        // Who waits for the broker learns that it is over: the node stops, or the stream has ended.
        var unused =
                subscriber.closed.thenRun(
                        () -> established.completeExceptionally(closedBefore(current)));
        return new NodeSubscription(this, subscriber, executor, established);
    }

    /** Opens a stream of no channels yet. */
    NodeSubscription open(EventSender sender) {
        Objects.requireNonNull(sender, "sender");
        RunningNode current = life.running();
        LocalSubscriber subscriber = subscribers.make(current, sender, true);
        requireStillRunning(current, subscriber);
        return new NodeSubscription(
                this, subscriber, executor, CompletableFuture.completedFuture(null));
    }

    private ChannelsException closedBefore(RunningNode current) {
        return life.current() != current
                ? NotRunning.exception()
                : new ChannelsException(
                        ErrorCode.SUBSCRIBE_FAILED,
                        "The subscription was closed before it was in force.");
    }

    private void requireStillRunning(RunningNode current, LocalSubscriber subscriber) {
        if (life.current() != current) {
            // The node was stopped meanwhile, and may not have seen this subscriber.
            ChannelsException stopped = NotRunning.exception();
            subscriber.mailbox.end(stopped);
            throw stopped;
        }
    }

    // ---- Joining and leaving

    @Override
    public void join(LocalSubscriber subscriber, Start start, Collection<String> channels) {
        RunningNode current = life.running();
        Set<String> names = declared.require(channels);
        var unused = subscribers.join(current, subscriber, start, names);
        requireStillRunning(current, subscriber);
    }

    @Override
    public void leave(LocalSubscriber subscriber, Collection<String> channels) {
        subscribers.leave(life.running(), subscriber, declared.require(channels));
    }

    @Override
    public void enter(LocalSubscriber subscriber, String channel, PresentClient client) {
        RunningNode current = life.current();
        if (current != null && current.presence.isKept(channel)) {
            current.registry.enter(subscriber, channel, client);
        }
    }

    /** Has a subscriber leave channels; does nothing if it is none of this node. */
    void leave(Subscriber subscriber, Collection<String> channels) {
        Set<String> names = declared.require(channels);
        LocalSubscriber local = subscribers.of(subscriber);
        if (local != null) {
            subscribers.leave(life.running(), local, names);
        }
    }

    /** Has a subscriber leave all channels; does nothing if it is none of this node. */
    void end(Subscriber subscriber) {
        LocalSubscriber local = subscribers.of(subscriber);
        if (local != null) {
            local.mailbox.close();
        }
    }

    // ---- History

    /** Puts history in front of what waits for a subscriber. */
    void putHistory(Subscriber subscriber, Collection<String> channels, int limit) {
        RunningNode current = life.running();
        Set<String> names = declared.require(channels);
        LocalSubscriber local = subscribers.of(subscriber);
        if (local == null || !local.channels().containsAll(names)) {
            throw new ChannelsException(
                    ErrorCode.HISTORY_FAILED,
                    "History of "
                            + ChannelNames.printable(names)
                            + " can only be put for a subscriber of these channels.");
        }
        await(
                current.history.last(names, limit).thenAccept(local.mailbox::prepend),
                "The history of " + ChannelNames.printable(names));
    }

    private void await(CompletableFuture<Void> stage, String what) {
        try {
            stage.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw BackendCalls.failed(ErrorCode.SUBSCRIBE_FAILED, what + " failed", e);
        } catch (TimeoutException e) {
            throw new ChannelsException(
                    ErrorCode.SUBSCRIBE_FAILED,
                    what
                            + " was not in force within "
                            + timeout.toMillis()
                            + " ms (channels.subscribe-timeout). Is the broker reachable?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelsException(
                    ErrorCode.SUBSCRIBE_FAILED, what + " was waited for, and interrupted.", e);
        }
    }
}
