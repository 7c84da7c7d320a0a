package dev.channels.cdi;

import dev.channels.ChannelsException;
import dev.channels.ChannelsListener;
import dev.channels.ChannelsPlugin;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientAuthorizer;
import dev.channels.ClientCalls;
import dev.channels.ClientConnections;
import dev.channels.EventReader;
import dev.channels.cdi.event.ChannelEvents;
import dev.channels.cdi.messaging.MessagingChannels;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.spi.ChannelsBackend;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.BeforeShutdown;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessBean;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.ProcessInjectionTarget;
import jakarta.enterprise.inject.spi.ProcessObserverMethod;
import jakarta.enterprise.inject.spi.ProcessSyntheticObserverMethod;
import org.jspecify.annotations.Nullable;

/**
 * The CDI portable extension: adds the producer of the plugin, and starts the plugin once the
 * deployment is known to be valid, so that every bean can publish from its first moment on.
 *
 * <p>A configuration that is not valid, or a broker out of reach, fails the deployment with one
 * {@link DeploymentException} that says everything; several problems added one by one drown in
 * stack traces on some servers.
 */
public class ChannelsExtension implements Extension {

    private final ForeignEndpoints foreignEndpoints = new ForeignEndpoints();
    private final ApplicationBeans applicationBeans = new ApplicationBeans();
    private final ChannelEvents events = new ChannelEvents();
    private final MessagingChannels messaging = new MessagingChannels();
    private volatile @Nullable ChannelsApplication application;

    /** The context class loader of the deployment. */
    private volatile @Nullable ClassLoader loader;

    /** Made by the container. */
    public ChannelsExtension() {}

    // The types are made by the manager of this archive: Weld 5.1.1, which Open Liberty has, takes
    // those that an extension leaves to it for the same where two WARs of an EAR have the library.
    void addProducer(@Observes BeforeBeanDiscovery discovery, BeanManager manager) {
        discovery.addAnnotatedType(
                manager.createAnnotatedType(Producer.class), Producer.class.getName());
        OptionalApis.addTypes(discovery, manager);
    }

    // An endpoint need not be a bean, but it takes part in injection (Jakarta EE Platform 10, table
    // EE.5-1), which is announced here.
    void seeEndpoint(@Observes ProcessInjectionTarget<?> target) {
        foreignEndpoints.see(target.getAnnotatedType().getJavaClass());
    }

    void seeBean(@Observes ProcessBean<?> announced) {
        applicationBeans.see(
                announced.getBean(),
                ChannelsBackend.class,
                ChannelsListener.class,
                ClientAuthenticator.class,
                ClientAuthorizer.class,
                ClientCalls.class);
    }

    void seeInjectionPoint(@Observes ProcessInjectionPoint<?, ?> announced) {
        events.see(announced.getInjectionPoint());
    }

    void seeObserver(@Observes ProcessObserverMethod<?, ?> announced) {
        if (!(announced instanceof ProcessSyntheticObserverMethod<?, ?>)) {
            events.see(announced.getObserverMethod(), announced.getAnnotatedMethod());
        }
    }

    void addObservers(@Observes AfterBeanDiscovery discovery) {
        events.addObservers(discovery, () -> application().plugin());
        OptionalApis.addBeans(discovery, this::status, messaging);
    }

    void start(@Observes AfterDeploymentValidation validated, BeanManager manager) {
        loader = Thread.currentThread().getContextClassLoader();
        try {
            ChannelsApplication started =
                    ApplicationStart.of(manager, applicationBeans, foreignEndpoints, events);
            application = started;
            started.connect(messaging);
        } catch (ChannelsException e) {
            throw new DeploymentException(e.getMessage(), e);
        } catch (LinkageError e) {
            ChannelsException explained = MissingApi.explained(e);
            throw new DeploymentException(explained.getMessage(), explained);
        }
    }

    /** The first moment at which every bean can be called. */
    void subscribe(@Observes @Initialized(ApplicationScoped.class) Object initialized) {
        ChannelsApplication current = application;
        if (current != null) {
            current.subscribe(events);
            messaging.initialized();
        }
    }

    // Where there is a servlet container its listener came first, and this finds nothing to do.
    void stop(@Observes BeforeShutdown shutdown) {
        ChannelsApplication current = application;
        if (current != null) {
            current.stop();
        }
        KeptConfig.release(loader);
    }

    ChannelsApplication application() {
        ChannelsApplication current = application;
        if (current == null) {
            throw new IllegalStateException(
                    "Channels are not available before the deployment has been validated (CDI's"
                            + " AfterDeploymentValidation).");
        }
        return current;
    }

    private @Nullable ApplicationStatus status() {
        ChannelsApplication current = application;
        return current == null ? null : current.status();
    }

    ForeignEndpoints foreignEndpoints() {
        return foreignEndpoints;
    }

    /** Exposes the plugin, who is connected, and what reads payloads to the application. */
    static class Producer {

        @Produces
        @ApplicationScoped
        ChannelsPlugin plugin(ChannelsExtension extension) {
            return extension.application().plugin();
        }

        @Produces
        @ApplicationScoped
        ClientConnections clients(ChannelsExtension extension) {
            return extension.application().doors().clients();
        }

        @Produces
        @ApplicationScoped
        EventReader reader(ChannelsExtension extension) {
            return extension.application().reader();
        }
    }
}
