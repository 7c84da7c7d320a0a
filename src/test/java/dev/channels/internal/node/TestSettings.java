package dev.channels.internal.node;

import dev.channels.Backlog;
import dev.channels.BacklogStrategy;
import dev.channels.Subscriber;
import dev.channels.internal.presence.PresenceSettings;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/** The settings of a node, to be changed one by one. */
final class TestSettings {

    Set<String> channels = Set.of("a", "b", "c");
    boolean arbitraryChannelsAllowed;
    int maxBacklog = Integer.MAX_VALUE;
    long maxBacklogBytes = Long.MAX_VALUE;
    BacklogStrategy strategy = BacklogStrategy.BACKOFF;
    Function<Backlog, Subscriber> subscribers = Subscriber::new;
    int sendConcurrency = 2;
    int publishQueueMaxEvents = 100_000;
    long publishQueueMaxBytes = 1 << 26;
    long historyCacheMaxBytes = 1 << 24;
    Duration subscribeTimeout = Duration.ofSeconds(10);
    Duration shutdownTimeout = Duration.ofSeconds(10);

    PresenceSettings presence = PresenceSettings.NONE;

    NodeSettings settings() {
        return new NodeSettings(
                channels,
                arbitraryChannelsAllowed,
                maxBacklog,
                maxBacklogBytes,
                maxBacklogBytes,
                strategy,
                subscribers,
                sendConcurrency,
                publishQueueMaxEvents,
                publishQueueMaxBytes,
                historyCacheMaxBytes,
                subscribeTimeout,
                shutdownTimeout,
                presence);
    }
}
