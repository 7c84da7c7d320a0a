package dev.channels.testkit;

import dev.channels.BacklogStrategy;
import dev.channels.Subscriber;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.internal.node.BinaryTextJsonEncoder;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.node.NodeSettings;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Starts nodes of the plugin without a server, on any channels and without bounds. */
public final class PluginNodes {

    private static final long HISTORY_CACHE = 16L << 20;

    private PluginNodes() {}

    /** Starts a node that keeps no presence, and waits for its broker. */
    public static ChannelsNode start(
            ChannelsBackend backend, ExecutorService executor, ScheduledExecutorService scheduler) {
        return start(backend, PresenceSettings.NONE, executor, scheduler);
    }

    /** Starts a node, and waits for its broker. */
    public static ChannelsNode start(
            ChannelsBackend backend,
            PresenceSettings presence,
            ExecutorService executor,
            ScheduledExecutorService scheduler) {
        NodeSettings settings =
                new NodeSettings(
                        Set.of(),
                        true,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        BacklogStrategy.BACKOFF,
                        Subscriber::new,
                        Runtime.getRuntime().availableProcessors(),
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        HISTORY_CACHE,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        presence);
        ChannelsNode node =
                new ChannelsNode(
                        settings,
                        new BinaryTextJsonEncoder(String::valueOf),
                        backend,
                        executor,
                        scheduler);
        node.start().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        return node;
    }

    /** Makes a backend by its name, with the keys below {@code channels.<name>.}. */
    public static ChannelsBackend backend(
            String name,
            Map<String, String> settings,
            ExecutorService executor,
            ScheduledExecutorService scheduler) {
        String prefix = "channels." + name + ".";
        Map<String, String> keys = new HashMap<>();
        settings.forEach((key, value) -> keys.put(prefix + key, value));
        Problems problems = new Problems();
        Values values =
                new Values(
                        new SmallRyeConfigBuilder().withDefaultValues(keys).build(),
                        prefix,
                        problems);
        BackendFactory factory =
                ServiceLoader.load(BackendFactory.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(it -> it.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        ChannelsBackend backend = factory.create(new BackendContext(values, executor, scheduler));
        problems.throwIfAny();
        return backend;
    }
}
