package dev.channels.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ErrorCode;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.Durations;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.PublicationsRejectedException;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of publishes to those who measure: as much as is counted. */
class PublishReportTest {

    private record Settled(Set<String> channels, boolean timed, @Nullable String error) {}

    /** Keeps what it is told. */
    private static final class Told implements Durations {
        private final List<Settled> settled = new ArrayList<>();

        @Override
        public void published(Set<String> channels, long nanos, @Nullable String error) {
            settled.add(new Settled(channels, nanos >= 0, error));
        }

        @Override
        public void handedOver(int events) {}

        @Override
        public void fannedOut(String channel, long nanos) {}

        @Override
        public void sent(long nanos) {}
    }

    private static final String FAILED = ErrorCode.PUBLISH_FAILED.code();

    private final Told told = new Told();
    private final Counters counters = new Counters();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final SureExecutor executor = SureExecutor.on(new ManualExecutor(), scheduler);
    private final PublishReport report =
            new PublishReport(counters, executor, new NodeLog(executor, scheduler));

    @AfterEach
    void endScheduler() {
        scheduler.shutdownNow();
    }

    private static PendingPublish publish(long acceptedAt, String... channels) {
        return new PendingPublish(1, acceptedAt, new byte[0], Map.of(), Set.of(channels), null);
    }

    @Test
    void publishIsToldWithItsChannelsWhetherOrNotItWasTimed() {
        counters.record(told);
        report.settled(List.of(publish(System.nanoTime(), "a"), publish(0, "a", "b")), null);
        assertThat(told.settled)
                .containsExactly(
                        new Settled(Set.of("a"), true, null),
                        new Settled(Set.of("a", "b"), false, null));
        assertThat(counters.published.sum()).isEqualTo(2);
    }

    @Test
    void whatFailsOrIsRefusedIsToldToo() {
        counters.record(told);
        PendingPublish well = publish(0, "well");
        PendingPublish ill = publish(0, "ill");
        report.settled(
                List.of(well, ill),
                new PublicationsRejectedException(
                        Map.of(ill, new IllegalStateException("for a test"))));
        report.refused(Set.of("much"), "Too much.", null);
        assertThat(told.settled)
                .containsExactly(
                        new Settled(Set.of("well"), false, null),
                        new Settled(Set.of("ill"), false, FAILED),
                        new Settled(Set.of("much"), false, FAILED));
        assertThat(counters.published.sum()).isEqualTo(1);
        assertThat(counters.publishFailures.sum()).isEqualTo(2);
    }
}
