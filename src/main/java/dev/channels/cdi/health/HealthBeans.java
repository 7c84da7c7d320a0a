package dev.channels.cdi.health;

import dev.channels.cdi.status.ApplicationStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** Adds the health check. To be used only where MicroProfile Health is. */
public final class HealthBeans {

    private HealthBeans() {}

    /**
     * Adds the bean that MicroProfile Health asks.
     *
     * @param discovery takes the bean
     * @param status returns how the application stands; null before it has started
     */
    public static void add(
            AfterBeanDiscovery discovery, Supplier<@Nullable ApplicationStatus> status) {
        discovery
                .<HealthCheck>addBean()
                // Two WARs of an EAR share what is kept by the ids of beans.
                .id(ChannelsHealth.class.getName() + " " + UUID.randomUUID())
                .beanClass(ChannelsHealth.class)
                .types(Object.class, HealthCheck.class)
                .qualifiers(Readiness.Literal.INSTANCE, Any.Literal.INSTANCE)
                .scope(ApplicationScoped.class)
                .produceWith(instance -> new ChannelsHealth(status));
    }
}
