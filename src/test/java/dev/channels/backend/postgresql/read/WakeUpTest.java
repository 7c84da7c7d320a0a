package dev.channels.backend.postgresql.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WakeUpTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void gathersWhyTheReaderWasWoken() throws Exception {
        WakeUp wakeUp = new WakeUp();
        wakeUp.wake(Set.of("a"));
        wakeUp.wake(List.of("b", "a"));
        assertThat(wakeUp.await(LONG.toNanos()))
                .isEqualTo(new WakeUp.Reason(Set.of("a", "b"), false));
        wakeUp.wakeForAll();
        assertThat(wakeUp.await(LONG.toNanos())).isEqualTo(new WakeUp.Reason(Set.of(), true));
        wakeUp.wake();
        assertThat(wakeUp.await(LONG.toNanos())).isEqualTo(new WakeUp.Reason(Set.of(), false));
        assertThat(wakeUp.await(0)).isEqualTo(new WakeUp.Reason(Set.of(), false));
        assertThat(wakeUp.await(-5)).isEqualTo(new WakeUp.Reason(Set.of(), false));
    }
}
