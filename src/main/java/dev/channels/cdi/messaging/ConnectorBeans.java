package dev.channels.cdi.messaging;

import dev.channels.config.ConnectorReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import java.util.UUID;
import org.eclipse.microprofile.reactive.messaging.spi.ConnectorLiteral;
import org.eclipse.microprofile.reactive.messaging.spi.IncomingConnectorFactory;
import org.eclipse.microprofile.reactive.messaging.spi.OutgoingConnectorFactory;

/** Adds the connector. To be used only where MicroProfile Reactive Messaging is. */
public final class ConnectorBeans {

    private ConnectorBeans() {}

    /**
     * Adds the bean that Reactive Messaging looks for. Its qualifier stands here and not at the
     * class: WildFly starts Reactive Messaging for every application in whose JARs it finds the
     * annotation.
     *
     * @param discovery takes the bean
     * @param channels those of the application
     */
    public static void add(AfterBeanDiscovery discovery, MessagingChannels channels) {
        discovery
                .<ChannelsConnector>addBean()
                // Two WARs of an EAR share what is kept by the ids of beans.
                .id(ChannelsConnector.class.getName() + " " + UUID.randomUUID())
                .beanClass(ChannelsConnector.class)
                .types(Object.class, IncomingConnectorFactory.class, OutgoingConnectorFactory.class)
                .qualifiers(ConnectorLiteral.of(ConnectorReader.CONNECTOR), Any.Literal.INSTANCE)
                .scope(ApplicationScoped.class)
                .produceWith(instance -> new ChannelsConnector(channels));
    }
}
