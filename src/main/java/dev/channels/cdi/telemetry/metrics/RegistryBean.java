package dev.channels.cdi.telemetry.metrics;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.jspecify.annotations.Nullable;

/** Is given the registry of metrics: Open Liberty and Payara give it to a bean only. */
@Dependent
class RegistryBean {

    @Inject private Instance<MetricRegistry> registry;

    /** Returns the registry; null if the API is there, and nobody behind it. */
    @Nullable MetricRegistry registry() {
        return registry.isResolvable() ? registry.get() : null;
    }
}
