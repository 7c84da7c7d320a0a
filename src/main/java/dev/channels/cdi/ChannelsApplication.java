package dev.channels.cdi;

import dev.channels.ChannelsException;
import dev.channels.ChannelsListener;
import dev.channels.ChannelsPlugin;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientAuthorizer;
import dev.channels.ClientCalls;
import dev.channels.ClientConnections;
import dev.channels.ErrorCode;
import dev.channels.cdi.event.ChannelEvents;
import dev.channels.cdi.event.LifeEvents;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.cdi.status.ApplicationStatus.Phase;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.client.ClientEndpoints;
import dev.channels.client.ClientSettings;
import dev.channels.client.OpenClients;
import dev.channels.config.ChannelsConfig;
import dev.channels.config.ClientConfig;
import dev.channels.config.ConfigReader;
import dev.channels.config.Keys;
import dev.channels.config.PolicyConfig;
import dev.channels.config.Problems;
import dev.channels.config.SecurityConfig;
import dev.channels.config.SseConfig;
import dev.channels.config.Values;
import dev.channels.endpoint.Access;
import dev.channels.endpoint.ClientChannels;
import dev.channels.endpoint.ClientCode;
import dev.channels.endpoint.DoorSettings;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.Policies;
import dev.channels.endpoint.Policy;
import dev.channels.internal.node.BinaryTextJsonEncoder;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.node.NodeSettings;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.internal.publish.NoTransactions;
import dev.channels.internal.publish.Transactions;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Log;
import dev.channels.sse.SseDoor;
import dev.channels.sse.SseSettings;
import dev.channels.transaction.ContainerTransactions;
import dev.channels.websocket.ChannelEndpoints;
import dev.channels.websocket.EndpointSettings;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
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
import java.util.function.Supplier;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** All that one application has of this library, from its boot to its end. */
final class ChannelsApplication {

    private static final long DEFAULT_SENDER_BYTES = 1 << 20;

    /** A backend keeps a bound of its own; this one is for those that do not. */
    private static final long START_SECONDS = 60;

    private final BeanManager manager;
    private final ChannelsConfig config;
    private final ContainerExecutors executors;
    private final JsonEncoder json;
    private final ChannelsNode node;
    private final Doors doors;
    private final OpenClients clients = new OpenClients();
    private final @Nullable ClientCalls calls;
    private final ApplicationStatus status;
    private volatile List<AutoCloseable> shown = List.of();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private ChannelsApplication(
            BeanManager manager,
            ChannelsConfig config,
            ContainerExecutors executors,
            JsonEncoder json,
            ChannelsNode node,
            ClientCode code,
            @Nullable ClientCalls calls,
            LifeEvents life) {
        this.manager = manager;
        this.config = config;
        this.calls = calls;
        this.executors = executors;
        this.json = json;
        this.node = node;
        this.doors =
                new Doors(
                        node,
                        doorSettings(config),
                        code,
                        executors.executor(),
                        executors.scheduler(),
                        life.observeClients() ? life : null);
        this.status =
                new ApplicationStatus(
                        config.backend(),
                        node::statistics,
                        doors.connections()::size,
                        clients::byId);
        node.addListener(status);
        node.countRefusals(doors.refusals()::read);
        node.addListener(life);
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
        NodeSettings settings = settings(config, classes);
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
            reportConflicts(config, foreignEndpoints, values);
            if (backend != null) {
                doubtHistory(config, backend, values);
                requirePresence(config, backend, values);
            }
            Optional<Transactions> transactions = ContainerTransactions.find();
            doubtCommits(config, transactions, values);
            Joining.check(source, config, backend, transactions.isPresent(), values);
            problems.throwIfAny();
            events.check(config.names(), config.arbitraryChannelsAllowed());
            problems.warnOfDoubts();
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

    private static void doubtHistory(
            ChannelsConfig config, ChannelsBackend backend, Values values) {
        if (config.wsHandlerSendHistory() != 0 && backend.history().isEmpty()) {
            values.doubt(
                    Keys.WS_HANDLER_SEND_HISTORY,
                    "the backend " + config.backend() + " keeps no history, so none is sent",
                    "Have it keep some (channels.memory.history=100, say), choose another backend,"
                            + " or leave this key out.");
        }
    }

    private static void requirePresence(
            ChannelsConfig config, ChannelsBackend backend, Values values) {
        if (backend.presence().isPresent()) {
            return;
        }
        for (PolicyConfig policy : config.security().policies()) {
            if (policy(policy).keepsPresence()) {
                values.problem(
                        "channels.policy."
                                + policy.id()
                                + (policy.joinLeave() ? ".join-leave" : ".presence"),
                        "the backend " + config.backend() + " cannot keep who is there",
                        "Leave this key out, or choose a backend that can (channels.backend).");
            }
        }
    }

    private static PresenceSettings presence(ChannelsConfig config) {
        Policies policies = policies(config);
        return new PresenceSettings(
                channel -> policies.of(channel).keepsPresence(),
                config.security().presenceTimeout());
    }

    private static void doubtCommits(
            ChannelsConfig config, Optional<Transactions> transactions, Values values) {
        if (config.publishAfterCommit() && transactions.isEmpty()) {
            values.doubt(
                    Keys.PUBLISH_IN_TRANSACTION,
                    "this server has no JTA transactions for the application, so events go out at"
                            + " once",
                    "Enable them (Open Liberty has them with enterpriseBeansLite-4.0, say), or"
                            + " leave this key out.");
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

    private static NodeSettings settings(ChannelsConfig config, ApplicationClasses classes) {
        return new NodeSettings(
                config.names(),
                config.arbitraryChannelsAllowed(),
                config.subscriberMaxBacklog().orElse(Integer.MAX_VALUE),
                config.subscriberMaxBacklogBytes().orElse(Long.MAX_VALUE),
                config.subscriberMaxBacklogBytes().orElse(DEFAULT_SENDER_BYTES),
                config.subscriberBacklogStrategy(),
                classes.subscriberClass(config.subscriberClass()),
                config.sendConcurrency(),
                config.publishQueueMaxEvents(),
                config.publishQueueMaxBytes(),
                config.historyCacheMaxBytes(),
                config.subscribeTimeout(),
                config.shutdownTimeout(),
                presence(config));
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
        events.subscribe(node, manager, executors.executor(), json::read, node::tracing);
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
        return hasWebSocket() || hasSse();
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

    boolean hasEndpoints() {
        return config.createWsRouteHandlers();
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
        ClientConfig client = config.client();
        return new ClientEndpoints(
                doors,
                new ClientSettings(
                        client.path(),
                        client.pingInterval(),
                        client.pongTimeout(),
                        client.connectTimeout(),
                        client.maxChannels(),
                        client.maxMessageSize(),
                        client.maxCommandsPerSecond(),
                        client.writeDelay()),
                clients,
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
        SseConfig sse = config.sse();
        return new SseDoor(
                doors,
                new SseSettings(sse.path(), config.client().maxChannels(), sse.pingInterval()));
    }

    /** Fails if an endpoint of the application is on the path of one of ours. */
    void refuseConflicts(ForeignEndpoints foreignEndpoints) {
        Problems problems = new Problems();
        reportConflicts(
                config, foreignEndpoints, new Values(ConfigProvider.getConfig(), "", problems));
        problems.throwIfAny();
    }

    private static void reportConflicts(
            ChannelsConfig config, ForeignEndpoints foreignEndpoints, Values values) {
        if (config.createWsRouteHandlers()) {
            foreignEndpoints.reportConflicts(endpointSettings(config), values);
        }
        if (config.client().endpoint()) {
            foreignEndpoints.reportConflict(config.client().path(), values);
        }
    }

    /** Tells the operator of a server without managed executors; to be called on a server only. */
    void warnOfOwnThreads() {
        executors.warnOfOwnThreads();
    }

    /** Returns what all doors of the application share; the stop closes their connections. */
    Doors doors() {
        return doors;
    }

    private static DoorSettings doorSettings(ChannelsConfig config) {
        SecurityConfig security = config.security();
        return new DoorSettings(
                config.wsSendTimeout(),
                config.wsPingInterval(),
                security.allowedOrigins(),
                security.trustForwardedHeaders(),
                security.maxConnections().orElse(Integer.MAX_VALUE),
                security.maxConnectionsPerCaller().orElse(Integer.MAX_VALUE),
                security.maxConnectionsPerAddress(),
                security.maxChannels(),
                policies(config),
                new ClientChannels(config.names(), config.arbitraryChannelsAllowed()));
    }

    private static Policies policies(ChannelsConfig config) {
        return new Policies(
                config.security().policies().stream().map(ChannelsApplication::policy).toList());
    }

    private static Policy policy(PolicyConfig read) {
        return new Policy(
                read.channels(),
                new Access(read.subscribe()),
                new Access(read.publish()),
                new Access(read.presence()),
                read.joinLeave(),
                read.recover());
    }

    /** Makes the plain endpoints of one servlet context. */
    ChannelEndpoints endpoints() {
        return new ChannelEndpoints(doors, endpointSettings(config));
    }

    private static EndpointSettings endpointSettings(ChannelsConfig config) {
        return new EndpointSettings(
                config.wsHandlerBasePath(),
                config.names(),
                config.arbitraryChannelsAllowed(),
                config.wsHandlerSendHistory(),
                config.wsSendMode(),
                config.wsMaxMessageSize());
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
