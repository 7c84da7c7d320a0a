package dev.channels.cdi.messaging;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.config.ConnectorConfig;
import dev.channels.internal.task.Tracing;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The channels of one application as its Reactive Messaging has them. That may connect them before
 * the plugin has started, since nobody orders the two; what they are asked waits for it then. Uses
 * nothing of the API of Reactive Messaging.
 */
public final class MessagingChannels {

    /**
     * The application, once it runs.
     *
     * @param plugin publishes and subscribes
     * @param connectors what the configuration connects
     * @param executor runs what receives messages, with the context of the application
     * @param decoder makes of an event what a message has of it
     * @param tracing returns who follows events
     */
    public record Running(
            ChannelsPlugin plugin,
            List<ConnectorConfig> connectors,
            Executor executor,
            BiFunction<ChannelEvent, Type, Object> decoder,
            Supplier<Tracing> tracing) {

        /** Returns what the configuration says of a channel that is connected. */
        ConnectorConfig connector(boolean incoming, String name) {
            return connectors.stream()
                    .filter(one -> one.incoming() == incoming && one.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalStateException(
                                            "The configuration that Channels EE was started with"
                                                    + " does not connect the channel "
                                                    + name
                                                    + " of Reactive Messaging."));
        }
    }

    private final CompletableFuture<Running> started = new CompletableFuture<>();
    private final CompletableFuture<Running> initialized = new CompletableFuture<>();

    /** Of an application that does not run yet. */
    public MessagingChannels() {}

    /**
     * Says that events can be published.
     *
     * @param running the application
     */
    public void started(Running running) {
        started.complete(running);
    }

    /** Says that every bean can be called; does nothing where the plugin has not started. */
    public void initialized() {
        var unused = started.thenAccept(initialized::complete);
    }

    /** Has somebody told once events can be published: now or later, on any thread. */
    void onceStarted(Consumer<Running> told) {
        var unused = started.thenAccept(told);
    }

    /** Has somebody told once every bean can be called: now or later, on any thread. */
    void onceInitialized(Consumer<Running> told) {
        var unused = initialized.thenAccept(told);
    }
}
