package dev.channels.cdi;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.EventReader;
import dev.channels.cdi.event.ChannelEvents;
import dev.channels.cdi.event.LifeEvents;
import dev.channels.cdi.messaging.MessagingChannels;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.cdi.status.ApplicationStatus.Phase;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.config.ChannelsConfig;
import dev.channels.config.ConnectorConfig;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.console.ConsoleDoor;
import dev.channels.endpoint.Doors;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.spi.Log;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** All that one application has of this library, from its boot to its end. */
final class ChannelsApplication {

    private final BeanManager manager;
    private final ChannelsConfig config;
    private final ContainerExecutors executors;
    private final JsonEncoder json;
    private final ChannelsNode node;
    private final ApplicationDoors doors;
    private final List<ConnectorConfig> connectors;
    private final ApplicationStatus status;
    private volatile List<AutoCloseable> shown = List.of();
    private volatile @Nullable ChannelEvents observers;
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** Makes one that is not started; what it is made of ends with it. */
    ChannelsApplication(
            BeanManager manager,
            ChannelsConfig config,
            ContainerExecutors executors,
            JsonEncoder json,
            ChannelsNode node,
            ApplicationDoors doors,
            List<ConnectorConfig> connectors,
            LifeEvents life) {
        this.manager = manager;
        this.config = config;
        this.connectors = connectors;
        this.executors = executors;
        this.json = json;
        this.node = node;
        this.doors = doors;
        Doors shared = doors.shared();
        this.status =
                new ApplicationStatus(
                        config.backend(),
                        node::statistics,
                        shared.connections()::size,
                        shared.connections()::end,
                        node::forget);
        node.addListener(status);
        node.countRefusals(shared.refusals()::read);
        node.addListener(life);
    }

    /** Lets the observers of channels have their events; once, whoever asks. */
    void subscribe(ChannelEvents events) {
        observers = events;
        events.subscribe(
                new ChannelEvents.Means(
                        node,
                        manager,
                        executors.executor(),
                        executors.scheduler(),
                        decoder(),
                        node::tracing,
                        node.leases().orElse(null),
                        node.discovery().orElse(null),
                        node.history().isPresent()));
    }

    private BiFunction<ChannelEvent, Type, Object> decoder() {
        return new PayloadDecoder(json::read)::decode;
    }

    EventReader reader() {
        return new PayloadDecoder(json::read);
    }

    /** Lets Reactive Messaging have the channels that it is connected to. */
    void connect(MessagingChannels messaging) {
        messaging.started(
                new MessagingChannels.Running(
                        node, connectors, executors.executor(), decoder(), node::tracing));
    }

    ApplicationStatus status() {
        return status;
    }

    /**
     * Tells that the doors are open, if there are any.
     *
     * @param context the path of the application, by which it is managed
     */
    void opened(String context) {
        status.enter(Phase.OPEN);
        if (shown.isEmpty()) {
            shown =
                    OptionalApis.show(
                            manager,
                            context,
                            status,
                            new Measures(
                                    status,
                                    node,
                                    doors.shared(),
                                    doors.names(),
                                    PartSettings.namedInTelemetry(config)));
        }
    }

    ChannelsPlugin plugin() {
        return node;
    }

    ApplicationDoors doors() {
        return doors;
    }

    /** Makes the console of one servlet context. */
    ConsoleDoor console() {
        return doors.console(status);
    }

    /** Fails if an endpoint of the application is on the path of one of ours. */
    void refuseConflicts(ForeignEndpoints foreignEndpoints) {
        Problems problems = new Problems();
        ConfigChecks.reportConflicts(
                config, foreignEndpoints, new Values(ConfigProvider.getConfig(), "", problems));
        problems.throwIfAny();
    }

    /** Tells the operator of a server without managed executors; to be called on a server only. */
    void warnOfOwnThreads() {
        executors.warnOfOwnThreads();
    }

    /** Stops everything; blocks, within bounds. Stopping again does nothing. */
    void stop() {
        if (stopped.compareAndSet(false, true)) {
            try {
                status.enter(Phase.DRAINING);
                doors.shared().drain(config.drainTime());
                node.stop();
                // What is still open then has a send in flight; to close it takes the executors.
                doors.shared().close();
            } finally {
                status.enter(Phase.STOPPED);
                ChannelEvents observed = observers;
                if (observed != null) {
                    observed.close();
                }
                hide();
                executors.close();
                json.close();
                RecordMethods.forget();
            }
        }
    }

    private void hide() {
        for (AutoCloseable place : shown) {
            try {
                place.close();
            } catch (Exception | LinkageError e) {
                Log.warn(ErrorCode.STATE, "The server does not let go of the application", e);
            }
        }
    }
}
