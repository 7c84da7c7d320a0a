package dev.channels.cdi.telemetry.metrics;

import dev.channels.internal.task.Durations;
import java.time.Duration;
import org.eclipse.microprofile.metrics.Histogram;
import org.eclipse.microprofile.metrics.Timer;
import org.jspecify.annotations.Nullable;

/** Records durations in timers. */
final class RecordedDurations implements Durations {

    private final Timer accepted;
    private final Timer failed;
    private final Histogram batches;

    RecordedDurations(Timer accepted, Timer failed, Histogram batches) {
        this.accepted = accepted;
        this.failed = failed;
        this.batches = batches;
    }

    @Override
    public void published(long nanos, @Nullable String error) {
        (error == null ? accepted : failed).update(Duration.ofNanos(nanos));
    }

    @Override
    public void handedOver(int events) {
        batches.update(events);
    }
}
