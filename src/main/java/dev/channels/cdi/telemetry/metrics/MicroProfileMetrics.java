package dev.channels.cdi.telemetry.metrics;

import dev.channels.ErrorCode;
import dev.channels.cdi.telemetry.EventCounts;
import dev.channels.cdi.telemetry.Measure;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.cdi.telemetry.NamedChannels;
import dev.channels.cdi.telemetry.TimedStep;
import dev.channels.internal.task.Durations;
import dev.channels.spi.Log;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.CDI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Shows an application in MicroProfile Metrics, from its start to its end. To be used only where
 * that is. Counters are gauges there: no other metric is read where it is counted.
 */
public final class MicroProfileMetrics implements AutoCloseable {

    /** What stands in a tag that others of the same name have: all have the same tags. */
    private static final String NOTHING = "none";

    private final Measures measures;
    private final MetricRegistry registry;
    private final String application;
    private final NamedChannels<RecordedChannel> channels;

    /** Grows by the channels that are named, one after another, until they are closed. */
    private final List<MetricID> shown = new ArrayList<>();

    private MicroProfileMetrics(Measures measures, MetricRegistry registry, String application) {
        this.measures = measures;
        this.registry = registry;
        this.application = application;
        Predicate<String> named = measures.named();
        this.channels =
                new NamedChannels<>(
                        named == null ? null : name -> !name.equals(NOTHING) && named.test(name),
                        channel(
                                named == null ? Map.of() : Measures.destination(NOTHING),
                                named == null ? null : measures.others()),
                        name -> channel(Measures.destination(name), new EventCounts()));
    }

    /**
     * Adds the bean that is given the registry.
     *
     * @param discovery takes the bean
     * @param manager that of the library's archive
     */
    public static void add(BeforeBeanDiscovery discovery, BeanManager manager) {
        discovery.addAnnotatedType(
                manager.createAnnotatedType(RegistryBean.class), RegistryBean.class.getName());
    }

    /**
     * Shows an application. Where the server does not take it, the log says so, and nothing else
     * happens.
     *
     * @param application its name: the path of its context
     * @param measures what is shown
     * @return hides it again
     */
    public static AutoCloseable show(String application, Measures measures) {
        try {
            // Not by the manager of the extension, which does not see the bean on Payara.
            MetricRegistry registry = CDI.current().select(RegistryBean.class).get().registry();
            return registry == null ? () -> {} : show(registry, application, measures);
        } catch (RuntimeException | LinkageError e) {
            Log.warn(
                    ErrorCode.STATE,
                    "The application " + application + " is not shown in MicroProfile Metrics",
                    e);
            return () -> {};
        }
    }

    static AutoCloseable show(MetricRegistry registry, String application, Measures measures) {
        MicroProfileMetrics shown = new MicroProfileMetrics(measures, registry, application);
        shown.gauges(measures.readings());
        measures.record(shown.durations());
        return shown;
    }

    private void gauges(List<Measure> readings) {
        Map<String, Set<String>> tags = new HashMap<>();
        for (Measure measure : readings) {
            tags.computeIfAbsent(measure.name(), name -> new TreeSet<>())
                    .addAll(measure.attributes().keySet());
        }
        for (Measure measure : readings) {
            Map<String, String> attributes = new HashMap<>(measure.attributes());
            tags.getOrDefault(measure.name(), Set.of())
                    .forEach(tag -> attributes.putIfAbsent(tag, NOTHING));
            gauge(measure, tagsOf(attributes));
        }
    }

    private void gauge(Measure measure, Tag... tags) {
        Metadata metadata = metadata(measure.name(), measure.unit(), measure.description());
        registry.gauge(metadata, measure.reading(), LongSupplier::getAsLong, tags);
        shown.add(new MetricID(metadata.getName(), tags));
    }

    private Durations durations() {
        Metadata batches =
                metadata(
                        "channels.publish.batch.size",
                        "{event}",
                        "Events that were handed to the broker at once");
        Tag[] batchTags = tagsOf(measures.ofPublishes());
        shown.add(new MetricID(batches.getName(), batchTags));
        return new RecordedDurations(
                channels,
                registry.histogram(batches, batchTags),
                timer(TimedStep.SEND, measures.ofDeliveries()));
    }

    /**
     * Shows a channel.
     *
     * @param destination names it; empty where none is named
     * @param counts counts its events; null where the statistics do
     */
    private RecordedChannel channel(Map<String, String> destination, @Nullable EventCounts counts) {
        gauges(counts == null ? measures.ofEvents() : measures.ofEvents(destination, counts));
        Map<String, String> accepted = new HashMap<>(measures.ofPublishes());
        accepted.putAll(destination);
        accepted.put("error.type", NOTHING);
        Map<String, String> failed = new HashMap<>(accepted);
        failed.put("error.type", ErrorCode.PUBLISH_FAILED.code());
        Map<String, String> delivered = new HashMap<>(measures.ofDeliveries());
        delivered.putAll(destination);
        return new RecordedChannel(
                timer(TimedStep.PUBLISH, accepted),
                timer(TimedStep.PUBLISH, failed),
                timer(TimedStep.FAN_OUT, delivered),
                counts);
    }

    private Timer timer(TimedStep step, Map<String, String> attributes) {
        Metadata metadata = metadata(step);
        Tag[] tags = tagsOf(attributes);
        shown.add(new MetricID(metadata.getName(), tags));
        return registry.timer(metadata, tags);
    }

    private static Metadata metadata(TimedStep step) {
        return metadata(step.metric(), "s", step.description());
    }

    private static Metadata metadata(String name, String unit, String description) {
        return Metadata.builder()
                .withName(name.replace('.', '_'))
                .withUnit(unitOf(unit))
                .withDescription(description)
                .build();
    }

    /** The unit stands in the name that is shown, so only a real one is said. */
    private static String unitOf(String unit) {
        return switch (unit) {
            case "s" -> MetricUnits.SECONDS;
            case "By" -> MetricUnits.BYTES;
            default -> MetricUnits.NONE;
        };
    }

    private Tag[] tagsOf(Map<String, String> attributes) {
        return Stream.concat(
                        Stream.of(new Tag("channels_application", application)),
                        attributes.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(a -> new Tag(a.getKey().replace('.', '_'), a.getValue())))
                .toArray(Tag[]::new);
    }

    /** Hides the application: the server would keep it in memory. */
    @Override
    public void close() {
        measures.record(Durations.NONE);
        channels.close();
        for (MetricID id : shown) {
            if (!registry.remove(id)) {
                Log.detail(ErrorCode.STATE, () -> "The metric " + id + " was gone already", null);
            }
        }
    }
}
