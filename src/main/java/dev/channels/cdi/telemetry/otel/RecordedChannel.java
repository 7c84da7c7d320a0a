package dev.channels.cdi.telemetry.otel;

import dev.channels.cdi.telemetry.EventCounts;
import dev.channels.cdi.telemetry.Measures;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one channel, or of all that are not named.
 *
 * @param publishes the attributes of publishes
 * @param deliveries those of what subscribers are given
 * @param counts counts events; null where the statistics do, since no channel is named
 * @param readings of what is counted
 */
record RecordedChannel(
        Attributes publishes,
        Attributes deliveries,
        @Nullable EventCounts counts,
        List<Reading> readings) {

    /** Returns that of a channel; with no destination that of all which are not named. */
    static RecordedChannel of(
            String application,
            Measures measures,
            Map<String, String> destination,
            @Nullable EventCounts counts) {
        return new RecordedChannel(
                OtelAttributes.of(application, measures.ofPublishes(), destination),
                OtelAttributes.of(application, measures.ofDeliveries(), destination),
                counts,
                (counts == null ? measures.ofEvents() : measures.ofEvents(destination, counts))
                        .stream().map(measure -> Reading.of(application, measure)).toList());
    }
}
