package dev.channels.cdi;

import dev.channels.ChannelsException;
import dev.channels.ChannelsListener;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientAuthorizer;
import dev.channels.ClientCalls;
import dev.channels.ErrorCode;
import dev.channels.cdi.event.ChannelEvents;
import dev.channels.cdi.event.LifeEvents;
import dev.channels.cdi.status.ApplicationStatus.Phase;
import dev.channels.config.ChannelsConfig;
import dev.channels.config.ConfigReader;
import dev.channels.config.ConnectorConfig;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.internal.node.BinaryTextJsonEncoder;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.node.NodeSettings;
import dev.channels.internal.publish.NoTransactions;
import dev.channels.internal.publish.Transactions;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Log;
import dev.channels.transaction.ContainerTransactions;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Puts an application together: from its configuration and its beans to a backend that works. */
final class ApplicationStart {

    /** A backend keeps a bound of its own; this one is for those that do not. */
    private static final long START_SECONDS = 60;

    private ApplicationStart() {}

    /**
     * Reads the configuration, puts everything together and starts it.
     *
     * @throws ChannelsException if the configuration is invalid, or a required broker out of reach;
     *     nothing is left behind then
     */
    static ChannelsApplication of(
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
        JsonEncoder json =
                JsonEncoder.make(
                        classes,
                        made(
                                "The beans that JSON-B is to take could not be made",
                                () -> beans.typeEncoders(manager, config.typeEncoders())),
                        config.typeEncoders(),
                        values);
        BinaryTextJsonEncoder encoder = new BinaryTextJsonEncoder(json);
        ContainerExecutors executors = ContainerExecutors.find(config, values);
        ChannelsApplication application;
        ChannelsBackend backend;
        ChannelsNode node;
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
                ConfigChecks.doubtHistory(
                        config, backend, backends.mostKept(config, source, problems), values);
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
                    config.backend(),
                    Objects.requireNonNull(backend),
                    source::getConfigValue);
            problems.warnOfDoubts();
            OptionalApis.sayWhatIsMissing();
            node =
                    new ChannelsNode(
                            settings,
                            encoder,
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
            LifeEvents life = new LifeEvents(manager, events, executors.executor());
            application =
                    new ChannelsApplication(
                            manager,
                            config,
                            executors,
                            json,
                            node,
                            new ApplicationDoors(
                                    config, executors, encoder, node, code, calls, life),
                            connectors,
                            life);
        } catch (ChannelsException e) {
            executors.close();
            throw e;
        }
        awaitBackend(application, config, node);
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

    private static void awaitBackend(
            ChannelsApplication application, ChannelsConfig config, ChannelsNode node) {
        if (!application.doors().any()) {
            application.status().enter(Phase.OPEN);
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
            application.status().disconnected(failure);
            Log.warn(
                    ErrorCode.BROKER_UNAVAILABLE,
                    "The application starts without its broker (channels.backend-required=false)",
                    failure);
            return;
        }
        application.stop();
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
}
