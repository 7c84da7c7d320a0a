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
    private final Timer fannedOut;
    private final Timer sent;

    RecordedDurations(
            Timer accepted, Timer failed, Histogram batches, Timer fannedOut, Timer sent) {
        this.accepted = accepted;
        this.failed = failed;
        this.batches = batches;
        this.fannedOut = fannedOut;
        this.sent = sent;
    }

    @Override
    public void published(long nanos, @Nullable String error) {
        (error == null ? accepted : failed).update(Duration.ofNanos(nanos));
    }

    @Override
    public void handedOver(int events) {
        batches.update(events);
    }

    @Override
    public void fannedOut(long nanos) {
        fannedOut.update(Duration.ofNanos(nanos));
    }

    @Override
    public void sent(long nanos) {
        sent.update(Duration.ofNanos(nanos));
    }
}
