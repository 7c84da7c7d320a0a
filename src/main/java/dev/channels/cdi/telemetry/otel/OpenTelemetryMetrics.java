package dev.channels.cdi.telemetry.otel;

import dev.channels.cdi.telemetry.Measure;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.internal.task.Durations;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The metrics of an application in OpenTelemetry, from its start to its end. */
final class OpenTelemetryMetrics implements AutoCloseable {

    private final Measures measures;
    private final List<Runnable> instruments = new ArrayList<>();

    private OpenTelemetryMetrics(Measures measures) {
        this.measures = measures;
    }

    /** Shows an application; null if there is no meter that does anything, as on Payara. */
    static @Nullable AutoCloseable show(
            OpenTelemetry telemetry, String application, Measures measures) {
        Meter meter = telemetry.getMeter(OtelAttributes.SCOPE);
        if (meter.getClass() == MeterProvider.noop().get(OtelAttributes.SCOPE).getClass()) {
            return null;
        }
        OpenTelemetryMetrics shown = new OpenTelemetryMetrics(measures);
        Map<String, List<Measure>> byName = new LinkedHashMap<>();
        for (Measure measure : measures.readings()) {
            byName.computeIfAbsent(measure.name(), name -> new ArrayList<>()).add(measure);
        }
        byName.values().forEach(those -> shown.instruments.add(build(meter, application, those)));
        measures.record(
                new RecordedDurations(
                        meter,
                        OtelAttributes.of(application, measures.ofPublishes()),
                        OtelAttributes.of(application, measures.ofDeliveries())));
        return shown;
    }

    /** Begins to show measures of one name; returns what ends it. */
    private static Runnable build(Meter meter, String application, List<Measure> those) {
        Measure first = those.get(0);
        Map<Attributes, Measure> read = new LinkedHashMap<>();
        those.forEach(
                measure -> read.put(OtelAttributes.of(application, measure.attributes()), measure));
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

    /** Hides the application: the server would keep it in memory. */
    @Override
    public void close() {
        measures.record(Durations.NONE);
        instruments.forEach(Runnable::run);
    }
}
