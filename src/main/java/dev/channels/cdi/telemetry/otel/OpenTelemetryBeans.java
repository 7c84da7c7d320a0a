package dev.channels.cdi.telemetry.otel;

import dev.channels.ErrorCode;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.internal.task.Tracing;
import dev.channels.spi.Log;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows an application in OpenTelemetry, from its start to its end. To be used only where the API
 * of OpenTelemetry is.
 */
public final class OpenTelemetryBeans {

    private OpenTelemetryBeans() {}

    /**
     * Shows the metrics of an application, if the server gives it a meter that does anything;
     * Payara's does not.
     *
     * @param manager that of the application
     * @param application its name: the path of its context
     * @param measures what is shown
     * @return hides it again; null if there is no such meter
     */
    public static @Nullable AutoCloseable showMetrics(
            BeanManager manager, String application, Measures measures) {
        try {
            OpenTelemetry found = find(manager);
            return found == null ? null : OpenTelemetryMetrics.show(found, application, measures);
        } catch (RuntimeException | LinkageError e) {
            warn(application, e);
            return null;
        }
    }

    /**
     * Has the events of an application followed, if the server gives it a tracer that does
     * anything.
     *
     * @param manager that of the application
     * @param application its name: the path of its context
     * @param measures know the application
     * @return ends it; null if there is no such tracer
     */
    public static @Nullable AutoCloseable trace(
            BeanManager manager, String application, Measures measures) {
        try {
            OpenTelemetry found = find(manager);
            Tracer tracer = found == null ? null : found.getTracer(OtelAttributes.SCOPE);
            if (found == null || tracer == null || doesNothing(tracer)) {
                return null;
            }
            Predicate<String> named = measures.named();
            measures.trace(
                    new RecordedTraces(
                            tracer,
                            found.getPropagators().getTextMapPropagator(),
                            OtelAttributes.of(application, measures.ofPublishes()),
                            OtelAttributes.of(application, measures.ofProcessing()),
                            named == null ? channel -> false : named));
            return () -> measures.trace(Tracing.NONE);
        } catch (RuntimeException | LinkageError e) {
            warn(application, e);
            return null;
        }
    }

    private static boolean doesNothing(Tracer tracer) {
        return tracer.getClass() == TracerProvider.noop().get(OtelAttributes.SCOPE).getClass();
    }

    private static @Nullable OpenTelemetry find(BeanManager manager) {
        Instance<OpenTelemetry> found = manager.createInstance().select(OpenTelemetry.class);
        return found.isResolvable() ? found.get() : null;
    }

    private static void warn(String application, Throwable failure) {
        Log.warn(
                ErrorCode.STATE,
                "The application " + application + " is not shown in OpenTelemetry",
                failure);
    }
}
