package dev.channels.internal.node;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsListener;
import dev.channels.ErrorCode;
import dev.channels.PresenceChange;
import dev.channels.internal.presence.Presence;
import dev.channels.internal.publish.PublishLane;
import dev.channels.internal.task.NodeLog;
import dev.channels.spi.BackendSink;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node, from a start to the next stop, and the sink that the backend pushes into
 * during it.
 */
final class RunningNode implements BackendSink {

    final Registry registry;
    final PublishLane lane;
    final History history;

    /** Which clients are there. */
    final Presence presence;

    /** Joins and subscriptions that wait for a broker that is away. */
    final Retries waiting;

    /** Completes, normally in any case, when the start of the backend has ended. */
    final CompletableFuture<Void> started = new CompletableFuture<>();

    private final Listeners listeners;
    private final NodeLog log;
    private volatile boolean over;

    RunningNode(
            Registry registry,
            PublishLane lane,
            History history,
            Presence presence,
            Retries waiting,
            Listeners listeners,
            NodeLog log) {
        this.registry = registry;
        this.lane = lane;
        this.history = history;
        this.presence = presence;
        this.waiting = waiting;
        this.listeners = listeners;
        this.log = log;
    }

    /** Lets everything that the backend still pushes fall into the past. */
    void end() {
        over = true;
        waiting.close();
    }

    @Override
    public void deliver(ChannelEvent event) {
        if (!over) {
            registry.deliver(event);
        }
    }

    @Override
    public void gap(String channel) {
        if (!over) {
            history.dropShared(channel);
            registry.gap(channel);
            listeners.tell(listener -> listener.gap(channel));
        }
    }

    @Override
    public void presenceChanged(PresenceChange change) {
        if (!over) {
            registry.presenceChanged(change);
        }
    }

    @Override
    public void disconnected(@Nullable Throwable cause) {
        if (!over) {
            log.warn(ErrorCode.BROKER_UNAVAILABLE, "The broker is out of reach", cause);
            listeners.tell(listener -> listener.disconnected(cause));
        }
    }

    @Override
    public void connected() {
        if (!over) {
            log.state("The broker is reachable again, all subscriptions are in force");
            lane.resume();
            waiting.brokerIsBack();
            presence.brokerIsBack();
            listeners.tell(ChannelsListener::reconnected);
        }
    }
}
