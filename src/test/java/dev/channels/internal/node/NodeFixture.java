package dev.channels.internal.node;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.Subscriber;
import dev.channels.internal.publish.NoTransactions;
import dev.channels.internal.publish.Transactions;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.spi.ChannelsBackend;
import dev.channels.test.Events;
import dev.channels.test.Threads;
import jakarta.json.bind.JsonbBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A node on threads of its own, stopped after each test. */
final class NodeFixture implements AfterEachCallback {

    final TestSettings settings = new TestSettings();
    final ExecutorService executor = Executors.newFixedThreadPool(7);
    final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    final List<ChannelsNode> nodes = new ArrayList<>();
    Transactions transactions = new NoTransactions();
    boolean publishAfterCommit;

    ChannelsNode node(ChannelsBackend backend) {
        ChannelsNode node =
                new ChannelsNode(
                        settings.settings(),
                        new BinaryTextJsonEncoder(data -> JsonbBuilder.create().toJson(data)),
                        backend,
                        new StandInExecutor(executor),
                        scheduler,
                        transactions,
                        publishAfterCommit);
        nodes.add(node);
        return node;
    }

    ChannelsNode started(ChannelsBackend backend) {
        ChannelsNode node = node(backend);
        get(node.start());
        return node;
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Publishes texts, and waits until the broker has accepted the last. */
    static void publish(ChannelsPlugin plugin, String channel, String... texts) {
        for (int i = 0; i < texts.length - 1; i++) {
            plugin.publish(texts[i], channel);
        }
        get(plugin.waitPublished(texts[texts.length - 1], channel));
    }

    /** Unsubscribes, and returns what is left in the backlog. */
    static List<String> rest(ChannelsPlugin plugin, Subscriber subscriber) {
        plugin.unsubscribe(subscriber);
        return rest(subscriber);
    }

    static List<String> rest(Subscriber subscriber) {
        List<ChannelEvent> events = new ArrayList<>();
        subscriber.iterEvents().forEach(events::add);
        return Events.texts(events);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        nodes.forEach(ChannelsNode::stop);
        executor.shutdownNow();
        scheduler.shutdownNow();
    }
}
