package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.cdi.health.HealthBeans;
import dev.channels.cdi.jmx.Management;
import dev.channels.cdi.messaging.ConnectorBeans;
import dev.channels.cdi.messaging.MessagingChannels;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.cdi.telemetry.metrics.MicroProfileMetrics;
import dev.channels.cdi.telemetry.otel.OpenTelemetryBeans;
import dev.channels.spi.Log;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds what speaks the APIs that a server may have: a class that names one of them is loaded only
 * where the API is.
 */
final class OptionalApis {

    private static final String HEALTH = "org.eclipse.microprofile.health.HealthCheck";

    private static final String JSON_BINDING = "jakarta.json.bind.JsonbBuilder";

    /** How to have it, said where it is missing. */
    static final String WHERE_JSON_BINDING_IS =
            "on Open Liberty the feature jsonb-3.0, on Tomcat and Jetty org.eclipse:yasson in"
                    + " WEB-INF/lib";

    private static final String MESSAGING =
            "org.eclipse.microprofile.reactive.messaging.spi.IncomingConnectorFactory";
    private static final String STREAMS =
            "org.eclipse.microprofile.reactive.streams.operators.ReactiveStreams";
    private static final String METRICS = "org.eclipse.microprofile.metrics.MetricRegistry";
    private static final String TELEMETRY = "io.opentelemetry.api.OpenTelemetry";

    private OptionalApis() {}

    /** Adds the beans that are classes. */
    static void addTypes(BeforeBeanDiscovery discovery, BeanManager manager) {
        if (isThere(METRICS)) {
            MicroProfileMetrics.add(discovery, manager);
        }
    }

    /** Shows an application wherever it can be seen; returns what hides it again. */
    static List<AutoCloseable> show(
            BeanManager manager, String application, ApplicationStatus status, Measures measures) {
        List<AutoCloseable> shown = new ArrayList<>();
        shown.add(Management.show(application, status));
        AutoCloseable telemetry =
                isThere(TELEMETRY)
                        ? OpenTelemetryBeans.showMetrics(manager, application, measures)
                        : null;
        if (telemetry == null && isThere(METRICS)) {
            telemetry = MicroProfileMetrics.show(application, measures);
        }
        if (telemetry != null) {
            shown.add(telemetry);
        }
        AutoCloseable traces =
                isThere(TELEMETRY)
                        ? OpenTelemetryBeans.trace(manager, application, measures)
                        : null;
        if (traces != null) {
            shown.add(traces);
        }
        return shown;
    }

    /** Adds the other beans. */
    static void addBeans(
            AfterBeanDiscovery discovery,
            Supplier<@Nullable ApplicationStatus> status,
            MessagingChannels messaging) {
        if (isThere(HEALTH)) {
            HealthBeans.add(discovery, status);
        }
        if (hasMessaging()) {
            ConnectorBeans.add(discovery, messaging);
        }
    }

    /** Tells whether there is MicroProfile Reactive Messaging. */
    static boolean hasMessaging() {
        return isThere(MESSAGING) && isThere(STREAMS);
    }

    /**
     * Tells whether there is an implementation of JSON Processing, with which the client endpoint
     * reads.
     */
    static boolean hasJson() {
        try {
            Json.createParserFactory(Map.of());
            return true;
        } catch (RuntimeException | LinkageError e) {
            Log.detail(ErrorCode.STATE, () -> "There is no JSON Processing", e);
            return false;
        }
    }

    /** Says at the start what an application may not notice before it publishes an object. */
    static void sayWhatIsMissing() {
        if (!isThere(JSON_BINDING)) {
            Log.state(
                    "There is no JSON Binding here, so that text and bytes can be published, and"
                            + " objects cannot. To publish objects, enable it ("
                            + WHERE_JSON_BINDING_IS
                            + ").");
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
