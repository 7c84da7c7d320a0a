package dev.channels.cdi;

import dev.channels.cdi.health.HealthBeans;
import dev.channels.cdi.status.ApplicationStatus;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds what speaks the APIs that a server may have: a class that names one of them is loaded only
 * where the API is.
 */
final class OptionalApis {

    private static final String HEALTH = "org.eclipse.microprofile.health.HealthCheck";

    private OptionalApis() {}

    /** Adds the beans. */
    static void addBeans(
            AfterBeanDiscovery discovery, Supplier<@Nullable ApplicationStatus> status) {
        if (isThere(HEALTH)) {
            HealthBeans.add(discovery, status);
        }
    }

    private static boolean isThere(String type) {
        try {
            Class.forName(type, false, OptionalApis.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
