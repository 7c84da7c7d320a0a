package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.LogCapture;
import dev.channels.test.ManualScheduler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class HookClockTest {

    private final AtomicLong clock = new AtomicLong();
    private final HookClock hooks =
            new HookClock(TestLogs.direct(new ManualScheduler(), clock::get), clock::get);

    private void call(long millis, Class<?> hook) {
        long begun = hooks.begin();
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        hooks.end(begun, hook);
    }

    @Test
    void whatKeepsTheThreadForLongIsNamedOncePerEpisode() {
        try (LogCapture log = new LogCapture()) {
            call(100, Integer.class);
            assertThat(log.records()).isEmpty();
            call(101, Integer.class);
            call(2_000, Integer.class);
            call(2_000, Long.class);
            assertThat(log.messages("CHANNELS0018")).hasSize(2);
            assertThat(log.messages("CHANNELS0018").get(0))
                    .contains("java.lang.Integer", " 101 ms");
            assertThat(log.messages("CHANNELS0018").get(1)).contains("java.lang.Long", " 2000 ms");
        }
    }
}
