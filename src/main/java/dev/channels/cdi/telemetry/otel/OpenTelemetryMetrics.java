package dev.channels.cdi.telemetry.otel;

import dev.channels.cdi.telemetry.EventCounts;
import dev.channels.cdi.telemetry.Measure;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.cdi.telemetry.NamedChannels;
import dev.channels.internal.task.Durations;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The metrics of an application in OpenTelemetry, from its start to its end. */
final class OpenTelemetryMetrics implements AutoCloseable {

    private final Measures measures;
    private final NamedChannels<RecordedChannel> channels;
    private final List<Runnable> instruments = new ArrayList<>();

    private OpenTelemetryMetrics(Measures measures, NamedChannels<RecordedChannel> channels) {
        this.measures = measures;
        this.channels = channels;
    }

    /** Shows an application; null if there is no meter that does anything, as on Payara. */
    static @Nullable AutoCloseable show(
            OpenTelemetry telemetry, String application, Measures measures) {
        Meter meter = telemetry.getMeter(OtelAttributes.SCOPE);
        if (meter.getClass() == MeterProvider.noop().get(OtelAttributes.SCOPE).getClass()) {
            return null;
        }
        EventCounts others = measures.named() == null ? null : measures.others();
        OpenTelemetryMetrics shown =
                new OpenTelemetryMetrics(
                        measures,
                        new NamedChannels<>(
                                measures.named(),
                                RecordedChannel.of(application, measures, Map.of(), others),
                                channel ->
                                        RecordedChannel.of(
                                                application,
                                                measures,
                                                Measures.destination(channel),
                                                new EventCounts())));
        shown.show(meter, application);
        measures.record(new RecordedDurations(meter, shown.channels));
        return shown;
    }

    private void show(Meter meter, String application) {
        Map<String, List<Reading>> byName = new LinkedHashMap<>();
        for (Measure measure : measures.readings()) {
            byName.computeIfAbsent(measure.name(), name -> new ArrayList<>())
                    .add(Reading.of(application, measure));
        }
        byName.values().forEach(those -> build(meter, those.get(0).measure(), those::stream));
        // Their channels come later.
        Map<String, Measure> ofEvents = new LinkedHashMap<>();
        measures.ofEvents().forEach(measure -> ofEvents.putIfAbsent(measure.name(), measure));
        ofEvents.forEach((name, measure) -> build(meter, measure, () -> ofEvents(name)));
    }

    private Stream<Reading> ofEvents(String name) {
        return channels.all().stream()
                .flatMap(channel -> channel.readings().stream())
                .filter(reading -> reading.measure().name().equals(name));
    }

    /** Begins to show measures of one name. */
    private void build(Meter meter, Measure first, Supplier<Stream<Reading>> those) {
        Consumer<ObservableLongMeasurement> callback =
                observed ->
                        those.get()
                                .forEach(
                                        one ->
                                                observed.record(
                                                        one.measure().reading().getAsLong(),
                                                        one.attributes()));
        instruments.add(
                switch (first.kind()) {
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
                });
    }

    /** Hides the application: the server would keep it in memory. */
    @Override
    public void close() {
        measures.record(Durations.NONE);
        channels.close();
        instruments.forEach(Runnable::run);
    }
}
