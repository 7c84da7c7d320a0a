package dev.channels.bench.broker;

import dev.channels.BacklogStrategy;
import dev.channels.Subscriber;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.internal.node.BinaryTextJsonEncoder;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.node.NodeSettings;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The plugin: from a publish on one node to a callback on another, or to its acknowledgement. */
final class PluginRoute implements Route {

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final ExecutorService executor = Executors.newFixedThreadPool(PROCESSORS + 1);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final List<String> channels;
    private final Arrivals arrivals;
    private final boolean listening;
    private final ChannelsNode publisher;
    private final ChannelsNode receiver;

    PluginRoute(
            String backend,
            Map<String, String> settings,
            int channels,
            boolean listening,
            Arrivals arrivals) {
        this.channels = IntStream.range(0, channels).mapToObj(i -> "channel " + i).toList();
        this.listening = listening;
        this.arrivals = arrivals;
        publisher = node(backend, settings);
        receiver = node(backend, settings);
        if (listening) {
            receiver.subscribe(this.channels)
                    .runInBackground(event -> arrivals.event(event.buffer()));
        }
    }

    private ChannelsNode node(String backend, Map<String, String> settings) {
        NodeSettings nodeSettings =
                new NodeSettings(
                        Set.of(),
                        true,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        BacklogStrategy.BACKOFF,
                        Subscriber::new,
                        PROCESSORS,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        0,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10));
        ChannelsNode node =
                new ChannelsNode(
                        nodeSettings,
                        new BinaryTextJsonEncoder(String::valueOf),
                        backend(backend, settings),
                        executor,
                        scheduler);
        node.start().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        return node;
    }

    private ChannelsBackend backend(String name, Map<String, String> settings) {
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

    @Override
    public void publish(int channel, byte[] payload) {
        if (listening) {
            publisher.publish(payload, channels.get(channel));
        } else {
            var unused =
                    publisher
                            .waitPublished(payload, channels.get(channel))
                            .thenRun(arrivals::answer);
        }
    }

    @Override
    public void close() {
        publisher.stop();
        receiver.stop();
        executor.shutdownNow();
        scheduler.shutdownNow();
    }
}
