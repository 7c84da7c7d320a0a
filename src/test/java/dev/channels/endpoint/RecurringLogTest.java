package dev.channels.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ErrorCode;
import dev.channels.test.LogCapture;
import org.junit.jupiter.api.Test;

class RecurringLogTest {

    private long now = Long.MAX_VALUE - RecurringLog.PERIOD_NANOS / 2;
    private final RecurringLog recurring = new RecurringLog(() -> now);

    @Test
    void manyOfAKindAreALineAMinute() {
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 1000; i++) {
                recurring.warn(ErrorCode.SUBSCRIBE_FAILED, "no subscription");
            }
            recurring.warn(ErrorCode.NOT_TEXT, "of another kind");
            now += RecurringLog.PERIOD_NANOS;
            recurring.warn(ErrorCode.SUBSCRIBE_FAILED, "again");
            assertThat(log.messages("CHANNELS0010"))
                    .containsExactly(
                            "CHANNELS0010: no subscription",
                            "CHANNELS0010: again (and 999 times more since the last such line)");
            assertThat(log.messages("CHANNELS0006")).hasSize(1);
        }
    }
}
