package dev.channels.cdi.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.test.LogCapture;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusBeanTest {

    private final StatusBean bean =
            new StatusBean(
                    new ApplicationStatus(
                            "memory",
                            () -> null,
                            () -> 1,
                            id -> "here".equals(id),
                            channel -> CompletableFuture.completedFuture(channel.equals("kept"))));

    @Test
    void whoIsSentAwayStandsInTheLog() {
        try (LogCapture log = new LogCapture()) {
            assertThat(bean.disconnectClient("here")).isTrue();
            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .singleElement()
                    .asString()
                    .contains("here");
        }
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"elsewhere", "here\n2026-01-01 ERROR FORGED"})
    void whoIsNotHereIsNoNews(String id) {
        try (LogCapture log = new LogCapture()) {
            assertThat(bean.disconnectClient(id)).isFalse();
            assertThat(log.records()).isEmpty();
        }
    }

    @Test
    void whatIsForgottenStandsInTheLog() {
        try (LogCapture log = new LogCapture()) {
            assertThat(bean.forgetChannel("not kept")).isFalse();
            assertThat(bean.forgetChannel("kept")).isTrue();
            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .satisfiesExactly(
                            it -> assertThat(it).contains("'not kept'"),
                            it -> assertThat(it).contains("'kept'"));
        }
    }
}
