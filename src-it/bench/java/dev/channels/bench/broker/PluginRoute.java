package dev.channels.bench.broker;

import dev.channels.internal.node.ChannelsNode;
import dev.channels.testkit.PluginNodes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
        publisher =
                PluginNodes.start(
                        PluginNodes.backend(backend, settings, executor, scheduler),
                        executor,
                        scheduler);
        receiver =
                PluginNodes.start(
                        PluginNodes.backend(backend, settings, executor, scheduler),
                        executor,
                        scheduler);
        if (listening) {
            receiver.subscribe(this.channels)
                    .runInBackground(event -> arrivals.event(event.buffer()));
        }
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
