package dev.channels.cdi.telemetry.otel;

import dev.channels.cdi.telemetry.EventCounts;
import dev.channels.cdi.telemetry.NamedChannels;
import dev.channels.cdi.telemetry.TimedStep;
import dev.channels.internal.task.Durations;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records durations in histograms. */
final class RecordedDurations implements Durations {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    /** Those of the conventions for messaging, in seconds. */
    private static final List<Double> SECONDS =
            List.of(
                    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
                    10.0);

    /** What happens on this node alone takes much less. */
    private static final List<Double> SHORT_SECONDS =
            List.of(
                    0.00001, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                    0.5, 1.0, 2.5, 5.0, 10.0);

    private static final List<Long> SIZES = List.of(1L, 2L, 5L, 10L, 20L, 50L, 100L, 200L, 500L);

    private final NamedChannels<RecordedChannel> channels;
    private final Attributes batch;
    private final DoubleHistogram published;
    private final LongHistogram batches;
    private final DoubleHistogram fannedOut;
    private final DoubleHistogram sent;
    private final Attributes sends;

    /**
     * Records what happens from now on.
     *
     * @param channels know which channels are named; a batch is of any number of them, and a send
     *     is a matter of its client
     */
    RecordedDurations(Meter meter, NamedChannels<RecordedChannel> channels) {
        this.channels = channels;
        this.batch = channels.others().publishes();
        this.sends = channels.others().deliveries();
        this.published = durations(meter, TimedStep.PUBLISH, SECONDS);
        this.fannedOut = durations(meter, TimedStep.FAN_OUT, SHORT_SECONDS);
        this.sent = durations(meter, TimedStep.SEND, SHORT_SECONDS);
        this.batches =
                meter.histogramBuilder("channels.publish.batch.size")
                        .ofLongs()
                        .setUnit("{event}")
                        .setDescription("Events that were handed to the broker at once")
                        .setExplicitBucketBoundariesAdvice(SIZES)
                        .build();
    }

    private static DoubleHistogram durations(Meter meter, TimedStep step, List<Double> boundaries) {
        return meter.histogramBuilder(step.metric())
                .setUnit("s")
                .setDescription(step.description())
                .setExplicitBucketBoundariesAdvice(boundaries)
                .build();
    }

    @Override
    public void published(Set<String> to, long nanos, @Nullable String error) {
        RecordedChannel channel = channels.of(to);
        EventCounts counts = channel.counts();
        if (counts != null) {
            counts.published(error == null);
        }
        if (nanos != UNTIMED) {
            Attributes publishes = channel.publishes();
            published.record(
                    nanos / NANOS_PER_SECOND,
                    error == null ? publishes : publishes.toBuilder().put(ERROR, error).build());
        }
    }

    @Override
    public void handedOver(int events) {
        batches.record(events, batch);
    }

    @Override
    public void fannedOut(String name, long nanos) {
        RecordedChannel channel = channels.of(name);
        EventCounts counts = channel.counts();
        if (counts != null) {
            counts.receive();
        }
        fannedOut.record(nanos / NANOS_PER_SECOND, channel.deliveries());
    }

    @Override
    public void sent(long nanos) {
        sent.record(nanos / NANOS_PER_SECOND, sends);
    }
}
