package dev.channels.cdi;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsListener;
import dev.channels.ChannelsPlugin;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientAuthorizer;
import dev.channels.ClientCalls;
import dev.channels.ClientConnections;
import dev.channels.ErrorCode;
import dev.channels.EventReader;
import dev.channels.cdi.event.ChannelEvents;
import dev.channels.cdi.event.LifeEvents;
import dev.channels.cdi.messaging.MessagingChannels;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.cdi.status.ApplicationStatus.Phase;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.client.ClientEndpoints;
import dev.channels.client.connected.ClientsOfAllNodes;
import dev.channels.client.connected.OpenClients;
import dev.channels.config.ChannelsConfig;
import dev.channels.config.ConfigReader;
import dev.channels.config.ConnectorConfig;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.console.ConsoleDoor;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.internal.node.BinaryTextJsonEncoder;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.node.NodeSettings;
import dev.channels.internal.publish.NoTransactions;
import dev.channels.internal.publish.Transactions;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Log;
import dev.channels.sse.SseDoor;
import dev.channels.transaction.ContainerTransactions;
import dev.channels.websocket.ChannelEndpoints;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** All that one application has of this library, from its boot to its end. */
final class ChannelsApplication {

    /** A backend keeps a bound of its own; this one is for those that do not. */
    private static final long START_SECONDS = 60;

    private final BeanManager manager;
    private final ChannelsConfig config;
    private final ContainerExecutors executors;
    private final JsonEncoder json;
    private final ChannelsNode node;
    private final Doors doors;
    private final OpenClients openClients = new OpenClients();
    private final ClientsOfAllNodes clients;
    private final @Nullable ClientCalls calls;
    private final List<ConnectorConfig> connectors;
    private final ApplicationStatus status;
    private final ApplicationConsole console;
    private volatile List<AutoCloseable> shown = List.of();
    private volatile @Nullable ChannelEvents observers;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private ChannelsApplication(
            BeanManager manager,
            ChannelsConfig config,
            ContainerExecutors executors,
            JsonEncoder json,
            ChannelsNode node,
            ClientCode code,
            @Nullable ClientCalls calls,
            List<ConnectorConfig> connectors,
            LifeEvents life) {
        this.manager = manager;
        this.config = config;
        this.calls = calls;
        this.connectors = connectors;
        this.executors = executors;
        this.json = json;
        this.node = node;
        this.console = new ApplicationConsole(config);
        this.clients =
                new ClientsOfAllNodes(
                        openClients,
                        node,
                        new BinaryTextJsonEncoder(json)::encode,
                        this::endCaller);
        this.doors =
                new Doors(
                        node,
                        PartSettings.doors(config),
                        code,
                        executors.executor(),
                        executors.scheduler(),
                        console.listener(life.observeClients() ? life : null));
        this.status =
                new ApplicationStatus(
                        config.backend(),
                        node::statistics,
                        doors.connections()::size,
                        doors.connections()::end,
                        node::forget);
        node.addListener(status);
        node.countRefusals(doors.refusals()::read);
        node.addListener(life);
    }

    private void endCaller(String user) {
        doors.connections().endCaller(user);
    }

    /**
     * Reads the configuration, puts everything together and starts it.
     *
     * @throws ChannelsException if the configuration is invalid, or a required broker out of reach;
     *     nothing is left behind then
     */
    static ChannelsApplication start(
            BeanManager manager,
            ApplicationBeans beans,
            ForeignEndpoints foreignEndpoints,
            ChannelEvents events) {
        Config source = configuration();
        Problems problems = new Problems();
        Values values = new Values(source, "", problems);
        Backends backends =
                made(
                        "The factories of backends could not be made",
                        () -> Backends.find(beans, manager));
        ChannelsConfig config = ConfigReader.read(source, backends.factories(), problems);
        ApplicationClasses classes = new ApplicationClasses(values);
        NodeSettings settings = PartSettings.node(config, classes);
        JsonEncoder json = JsonEncoder.make(classes, config.typeEncoders(), values);
        ContainerExecutors executors = ContainerExecutors.find(config, values);
        ChannelsApplication application;
        ChannelsBackend backend;
        try {
            backend =
                    made(
                            "The backend " + config.backend() + " could not be made",
                            () ->
                                    backends.make(
                                            config.backend(),
                                            config.security().policies(),
                                            source,
                                            executors,
                                            problems));
            ConfigChecks.reportConflicts(config, foreignEndpoints, values);
            if (backend != null) {
                ConfigChecks.doubtHistory(config, backend, values);
                ConfigChecks.requirePresence(config, backend, values);
            }
            Optional<Transactions> transactions = ContainerTransactions.find();
            ConfigChecks.doubtCommits(config, transactions, values);
            Joining.check(source, config, backend, transactions.isPresent(), values);
            List<ConnectorConfig> connectors =
                    ConfigChecks.connectors(source, config, classes, values);
            problems.throwIfAny();
            events.check(
                    config.names(),
                    config.arbitraryChannelsAllowed(),
                    Objects.requireNonNull(backend).leases().isPresent() ? null : config.backend());
            problems.warnOfDoubts();
            OptionalApis.sayWhatIsMissing();
            ChannelsNode node =
                    new ChannelsNode(
                            settings,
                            new BinaryTextJsonEncoder(json),
                            Objects.requireNonNull(backend),
                            executors.executor(),
                            executors.scheduler(),
                            transactions.orElseGet(NoTransactions::new),
                            config.publishAfterCommit());
            made("The ChannelsListener beans could not be made", () -> listeners(beans, manager))
                    .forEach(node::addListener);
            ClientCode code =
                    made(
                            "The beans that decide about clients could not be made",
                            () -> clientCode(beans, manager));
            ClientCalls calls =
                    made(
                            "The ClientCalls bean could not be made",
                            () -> only(ClientCalls.class, beans, manager));
            application =
                    new ChannelsApplication(
                            manager,
                            config,
                            executors,
                            json,
                            node,
                            code,
                            calls,
                            connectors,
                            new LifeEvents(manager, events, executors.executor()));
        } catch (ChannelsException e) {
            executors.close();
            throw e;
        }
        application.awaitBackend();
        try {
            Joining.tryOut(backend);
        } catch (ChannelsException e) {
            application.stop();
            throw e;
        }
        return application;
    }

    private static Config configuration() {
        try {
            return ConfigProvider.getConfig();
        } catch (IllegalStateException e) {
            throw new ChannelsException(
                    ErrorCode.START_FAILED,
                    "MicroProfile Config, by which channels are configured, does not work here ("
                            + e
                            + "). Where the server has none, enable it (on Open Liberty the feature"
                            + " mpConfig-3.1), or put io.smallrye.config:smallrye-config into"
                            + " WEB-INF/lib, with what it needs.",
                    e);
        }
    }

    /** Says what could not be made where code of the application, or of its container, throws. */
    private static <T extends @Nullable Object> T made(String otherwise, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
            throw new ChannelsException(ErrorCode.START_FAILED, otherwise + ": " + e, e);
        }
    }

    private static List<ChannelsListener> listeners(ApplicationBeans beans, BeanManager manager) {
        return beans.of(ChannelsListener.class).stream()
                .map(bean -> ApplicationBeans.reference(manager, bean, ChannelsListener.class))
                .toList();
    }

    private static ClientCode clientCode(ApplicationBeans beans, BeanManager manager) {
        return new ClientCode(
                only(ClientAuthenticator.class, beans, manager),
                only(ClientAuthorizer.class, beans, manager));
    }

    private static <T> @Nullable T only(
            Class<T> type, ApplicationBeans beans, BeanManager manager) {
        Bean<?> bean = manager.resolve(Set.copyOf(beans.of(type)));
        return bean == null ? null : ApplicationBeans.reference(manager, bean, type);
    }

    private void awaitBackend() {
        if (!hasDoors()) {
            status.enter(Phase.OPEN);
        }
        Throwable failure;
        try {
            node.start().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
            Log.state(
                    "Started with backend "
                            + config.backend()
                            + ", channels "
                            + (config.arbitraryChannelsAllowed() ? "of any name" : config.names()));
            return;
        } catch (ExecutionException e) {
            failure = e.getCause() == null ? e : e.getCause();
        } catch (TimeoutException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e;
        }
        if (isOutage(failure) && !config.backendRequired()) {
            status.disconnected(failure);
            Log.warn(
                    ErrorCode.BROKER_UNAVAILABLE,
                    "The application starts without its broker (channels.backend-required=false)",
                    failure);
            return;
        }
        stop();
        throw new ChannelsException(
                ErrorCode.START_FAILED,
                "The backend "
                        + config.backend()
                        + " did not start: "
                        + (failure instanceof ChannelsException ? failure.getMessage() : failure)
                        + (isOutage(failure)
                                ? " Make the broker reachable, or set"
                                        + " channels.backend-required=false to start without it."
                                : ""),
                failure);
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof ChannelsException known
                && known.errorCode() == ErrorCode.BROKER_UNAVAILABLE;
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
                            new Measures(status, node, doors, doorNames()));
        }
    }

    ChannelsPlugin plugin() {
        return node;
    }

    boolean hasDoors() {
        return hasWebSocket() || hasSse() || hasConsole();
    }

    private List<String> doorNames() {
        List<String> names = new ArrayList<>();
        if (hasEndpoints()) {
            names.add("plain");
        }
        if (hasClientEndpoint()) {
            names.add("client");
        }
        if (hasSse()) {
            names.add("sse");
        }
        return names;
    }

    boolean hasWebSocket() {
        return hasEndpoints() || hasClientEndpoint();
    }

    boolean hasSse() {
        return config.sse().endpoint();
    }

    boolean hasConsole() {
        return console.isOn();
    }

    /** Makes the console of one servlet context. */
    ConsoleDoor console() {
        return console.door(doors, node, status);
    }

    boolean hasEndpoints() {
        return config.createWsRouteHandlers();
    }

    /** Returns the names, and those of families, that are in the paths of endpoints. */
    List<String> namesInPaths() {
        return hasEndpoints() ? List.copyOf(config.names()) : List.of();
    }

    boolean hasClientEndpoint() {
        return config.client().endpoint();
    }

    /** Tells whether there is a door that the module for web pages speaks to. */
    boolean hasWhatTheModuleNeeds() {
        return hasClientEndpoint() || hasSse();
    }

    ClientConnections clients() {
        return clients;
    }

    /** Makes the client endpoint of one servlet context. */
    ClientEndpoints clientEndpoints() {
        clients.listen();
        return new ClientEndpoints(
                doors,
                PartSettings.client(config),
                openClients,
                calls,
                node.history().orElse(null),
                new BinaryTextJsonEncoder(json)::encode,
                executors.executor(),
                executors.scheduler());
    }

    String ssePath() {
        return config.sse().path();
    }

    /** Makes the Server-Sent Events of one servlet context. */
    SseDoor sse() {
        return new SseDoor(doors, PartSettings.sse(config));
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

    /** Returns what all doors of the application share; the stop closes their connections. */
    Doors doors() {
        return doors;
    }

    /** Makes the plain endpoints of one servlet context. */
    ChannelEndpoints endpoints() {
        return new ChannelEndpoints(doors, PartSettings.endpoints(config));
    }

    /** Stops everything; blocks, within bounds. Stopping again does nothing. */
    void stop() {
        if (stopped.compareAndSet(false, true)) {
            try {
                status.enter(Phase.DRAINING);
                doors.drain(config.drainTime());
                node.stop();
                // What is still open then has a send in flight; to close it takes the executors.
                doors.close();
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
