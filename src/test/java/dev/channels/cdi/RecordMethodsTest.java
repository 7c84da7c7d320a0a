package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.LogCapture;
import org.junit.jupiter.api.Test;

class RecordMethodsTest {

    @Test
    void jdkForgetsRecordsWithoutAComplaint() {
        try (LogCapture log = new LogCapture()) {
            RecordMethods.forget();
            assertThat(log.records()).isEmpty();
        }
    }
}
