package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.channels.ErrorCode;
import dev.channels.test.LogCapture;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class LogTest {

    @Test
    void everyLineBeginsWithItsCode() {
        Exception cause = new Exception("why");
        try (LogCapture log = new LogCapture()) {
            Log.warn(ErrorCode.GAP, "100% {0} lost", cause);
            Log.state("all is well");
            assertThat(log.records())
                    .extracting(LogRecord::getLevel, LogRecord::getMessage, LogRecord::getThrown)
                    .containsExactly(
                            tuple(Level.WARNING, "CHANNELS0014: 100% {0} lost", cause),
                            tuple(Level.INFO, "CHANNELS0024: all is well", null));
        }
    }

    @Test
    void aDetailIsOnlyMadeForWhoLooksForIt() {
        try (LogCapture log = new LogCapture()) {
            Log.detail(
                    ErrorCode.GAP,
                    () -> {
                        throw new AssertionError("nobody asked");
                    },
                    null);
            assertThat(log.records()).isEmpty();
            Logger.getLogger("dev.channels").setLevel(Level.FINE);
            Log.detail(ErrorCode.GAP, () -> "a detail", null);
            assertThat(log.messages("CHANNELS0014")).containsExactly("CHANNELS0014: a detail");
        }
    }
}
