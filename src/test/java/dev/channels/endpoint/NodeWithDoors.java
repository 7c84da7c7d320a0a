package dev.channels.endpoint;

import dev.channels.BacklogStrategy;
import dev.channels.Subscriber;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.endpoint.connection.RecordingListener;
import dev.channels.endpoint.policy.ClientChannels;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorSettings;
import dev.channels.endpoint.policy.Policies;
import dev.channels.internal.node.BinaryTextJsonEncoder;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.node.NodeSettings;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.internal.task.StandInExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A running node with the memory backend, on threads of its own, and what its doors share: all that
 * connections need but a server. Nobody is looked after but by hand.
 */
public final class NodeWithDoors implements AutoCloseable {

    public final ExecutorService executor = Executors.newFixedThreadPool(4);
    public final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    public final RecordingListener listener = new RecordingListener();
    public final ChannelsNode node;
    public final Doors doors;

    /**
     * Starts a node with some channels, and policies of them.
     *
     * @param sendTimeout after how long a send that has not ended is looked at as stuck
     */
    public NodeWithDoors(
            Set<String> channels, Policies policies, BacklogStrategy strategy, Duration sendTimeout)
            throws Exception {
        NodeSettings settings =
                new NodeSettings(
                        channels,
                        false,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        1 << 20,
                        strategy,
                        Subscriber::new,
                        2,
                        100_000,
                        1 << 26,
                        1 << 24,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        new PresenceSettings(
                                name -> policies.of(name).keepsPresence(), Duration.ofSeconds(60)));
        node =
                new ChannelsNode(
                        settings,
                        new BinaryTextJsonEncoder(Object::toString),
                        new MemoryBackend(1000),
                        new StandInExecutor(executor),
                        scheduler);
        node.start().toCompletableFuture().get(30, TimeUnit.SECONDS);
        doors =
                new Doors(
                        node,
                        new DoorSettings(
                                sendTimeout,
                                Duration.ZERO,
                                List.of("same-origin"),
                                false,
                                Integer.MAX_VALUE,
                                Integer.MAX_VALUE,
                                Integer.MAX_VALUE,
                                Integer.MAX_VALUE,
                                policies,
                                new ClientChannels(channels, false)),
                        ClientCode.NONE,
                        executor,
                        scheduler,
                        listener);
    }

    @Override
    public void close() {
        node.stop();
        doors.close();
        executor.shutdownNow();
        scheduler.shutdownNow();
    }
}
