package dev.channels.cdi.telemetry.metrics;

import dev.channels.cdi.telemetry.EventCounts;
import dev.channels.cdi.telemetry.NamedChannels;
import dev.channels.internal.task.Durations;
import java.time.Duration;
import java.util.Set;
import org.eclipse.microprofile.metrics.Histogram;
import org.eclipse.microprofile.metrics.Timer;
import org.jspecify.annotations.Nullable;

/** Records durations in timers. */
final class RecordedDurations implements Durations {

    private final NamedChannels<RecordedChannel> channels;
    private final Histogram batches;
    private final Timer sent;

    /**
     * Records what happens from now on.
     *
     * @param channels know which channels are named; a batch is of any number of them, and a send
     *     is a matter of its client
     */
    RecordedDurations(NamedChannels<RecordedChannel> channels, Histogram batches, Timer sent) {
        this.channels = channels;
        this.batches = batches;
        this.sent = sent;
    }

    @Override
    public void published(Set<String> to, long nanos, @Nullable String error) {
        RecordedChannel channel = channels.of(to);
        EventCounts counts = channel.counts();
        if (counts != null) {
            counts.published(error == null);
        }
        if (nanos != UNTIMED) {
            (error == null ? channel.accepted() : channel.failed()).update(Duration.ofNanos(nanos));
        }
    }

    @Override
    public void handedOver(int events) {
        batches.update(events);
    }

    @Override
    public void fannedOut(String name, long nanos) {
        RecordedChannel channel = channels.of(name);
        EventCounts counts = channel.counts();
        if (counts != null) {
            counts.receive();
        }
        channel.fannedOut().update(Duration.ofNanos(nanos));
    }

    @Override
    public void sent(long nanos) {
        sent.update(Duration.ofNanos(nanos));
    }
}
