package dev.channels.endpoint.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ErrorCode;
import dev.channels.test.LogCapture;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;

class RecurringLogTest {

    private long now = Long.MAX_VALUE - RecurringLog.PERIOD_NANOS / 2;
    private final RecurringLog recurring = new RecurringLog(() -> now);

    @Test
    void whereItFailedIsLoggedWithoutWhatAMessageHolds() {
        IllegalStateException failure =
                new IllegalStateException("secret", new ArithmeticException("secret"));
        try (LogCapture log = new LogCapture()) {
            recurring.warn(ErrorCode.CLIENT_CODE_FAILED, "it failed", failure);
            assertThat(Throwables.getStackTrace(log.records().get(0).getThrown()))
                    .contains("IllegalStateException", "ArithmeticException", "RecurringLogTest")
                    .doesNotContain("secret");
        }
    }

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
