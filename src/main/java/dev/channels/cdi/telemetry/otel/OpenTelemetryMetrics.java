package dev.channels.cdi.telemetry.otel;

import dev.channels.ErrorCode;
import dev.channels.cdi.telemetry.Measure;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.internal.task.Durations;
import dev.channels.spi.Log;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows an application in OpenTelemetry, from its start to its end. To be used only where the API
 * of OpenTelemetry is.
 */
public final class OpenTelemetryMetrics implements AutoCloseable {

    private static final String SCOPE = "dev.channels";

    private final Measures measures;
    private final List<Runnable> instruments = new ArrayList<>();

    private OpenTelemetryMetrics(Measures measures) {
        this.measures = measures;
    }

    /**
     * Shows an application, if the server gives it a meter that does anything; Payara's does not.
     *
     * @param manager that of the application
     * @param application its name: the path of its context
     * @param measures what is shown
     * @return hides it again; null if there is no such meter
     */
    public static @Nullable AutoCloseable show(
            BeanManager manager, String application, Measures measures) {
        try {
            Instance<OpenTelemetry> found = manager.createInstance().select(OpenTelemetry.class);
            return found.isResolvable() ? show(found.get(), application, measures) : null;
        } catch (RuntimeException | LinkageError e) {
            Log.warn(
                    ErrorCode.STATE,
                    "The application " + application + " is not shown in OpenTelemetry",
                    e);
            return null;
        }
    }

    static @Nullable AutoCloseable show(
            OpenTelemetry telemetry, String application, Measures measures) {
        Meter meter = telemetry.getMeter(SCOPE);
        if (meter.getClass() == MeterProvider.noop().get(SCOPE).getClass()) {
            return null;
        }
        OpenTelemetryMetrics shown = new OpenTelemetryMetrics(measures);
        Map<String, List<Measure>> byName = new LinkedHashMap<>();
        for (Measure measure : measures.readings()) {
            byName.computeIfAbsent(measure.name(), name -> new ArrayList<>()).add(measure);
        }
        byName.values().forEach(those -> shown.instruments.add(build(meter, application, those)));
        measures.record(
                new RecordedDurations(meter, attributes(application, measures.ofPublishes())));
        return shown;
    }

    /** Begins to show measures of one name; returns what ends it. */
    private static Runnable build(Meter meter, String application, List<Measure> those) {
        Measure first = those.get(0);
        Map<Attributes, Measure> read = new LinkedHashMap<>();
        those.forEach(measure -> read.put(attributes(application, measure.attributes()), measure));
        Consumer<ObservableLongMeasurement> callback =
                observed ->
                        read.forEach(
                                (attributes, measure) ->
                                        observed.record(measure.reading().getAsLong(), attributes));
        return switch (first.kind()) {
            case COUNTER ->
                    meter.counterBuilder(first.name())
                                    .setUnit(first.unit())
                                    .setDescription(first.description())
                                    .buildWithCallback(callback)
                            ::close;
            case SUM ->
                    meter.upDownCounterBuilder(first.name())
                                    .setUnit(first.unit())
                                    .setDescription(first.description())
                                    .buildWithCallback(callback)
                            ::close;
            case GAUGE ->
                    meter.gaugeBuilder(first.name())
                                    .ofLongs()
                                    .setUnit(first.unit())
                                    .setDescription(first.description())
                                    .buildWithCallback(callback)
                            ::close;
        };
    }

    private static Attributes attributes(String application, Map<String, String> more) {
        AttributesBuilder attributes = Attributes.builder();
        attributes.put("channels.application", application);
        more.forEach(attributes::put);
        return attributes.build();
    }

    /** Hides the application: the server would keep it in memory. */
    @Override
    public void close() {
        measures.record(Durations.NONE);
        instruments.forEach(Runnable::run);
    }
}
