package dev.channels.internal.node;

import dev.channels.Backlog;
import dev.channels.BacklogStrategy;
import dev.channels.Subscriber;
import dev.channels.internal.presence.PresenceSettings;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/**
 * What a node is told of the configuration.
 *
 * @param channels the declared names
 * @param arbitraryChannelsAllowed whether any valid name is a channel
 * @param maxBacklog how many events a backlog holds at most
 * @param maxBacklogBytes how many bytes the backlog of a subscriber holds at most
 * @param maxSenderBacklogBytes the same where an event sender consumes it
 * @param strategy what happens at the bound
 * @param subscribers makes a subscriber on its backlog
 * @param sendConcurrency how many drain tasks run at once, for senders and for callbacks each
 * @param publishQueueMaxEvents how many publishes may wait for the broker
 * @param publishQueueMaxBytes how many bytes of payload may wait for the broker
 * @param historyCacheMaxBytes how many bytes of the channels' histories a node keeps in memory
 * @param subscribeTimeout how long a blocking subscribe waits
 * @param shutdownTimeout how long a stop waits for what was accepted
 * @param presence what is kept of the clients that are there
 */
public record NodeSettings(
        Set<String> channels,
        boolean arbitraryChannelsAllowed,
        int maxBacklog,
        long maxBacklogBytes,
        long maxSenderBacklogBytes,
        BacklogStrategy strategy,
        Function<Backlog, Subscriber> subscribers,
        int sendConcurrency,
        int publishQueueMaxEvents,
        long publishQueueMaxBytes,
        long historyCacheMaxBytes,
        Duration subscribeTimeout,
        Duration shutdownTimeout,
        PresenceSettings presence) {}
