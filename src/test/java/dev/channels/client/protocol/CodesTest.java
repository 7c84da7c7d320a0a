package dev.channels.client.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CodesTest {

    @Test
    void aReasonFitsACloseFrameAndLooksLikeNoJson() throws Exception {
        for (Field field : DisconnectCode.class.getFields()) {
            DisconnectCode code = (DisconnectCode) field.get(null);
            assertThat(code.code()).isBetween(3000, 3999);
            assertThat(code.reason().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 123);
            assertThat(code.reason()).doesNotStartWith("{");
            assertThat(code.reconnects()).isEqualTo(code.code() < 3500);
        }
    }

    @Test
    void anErrorHasAMessage() throws Exception {
        for (Field field : ProtocolError.class.getFields()) {
            ProtocolError error = (ProtocolError) field.get(null);
            assertThat(error.code()).isBetween(100, 399);
            assertThat(error.message()).isNotEmpty();
        }
    }

    @Test
    void applicationsHaveCodesOfBothKinds() {
        assertThat(new DisconnectCode(4000, "a").reconnects()).isTrue();
        assertThat(new DisconnectCode(4499, "a").reconnects()).isTrue();
        assertThat(new DisconnectCode(4500, "a").reconnects()).isFalse();
    }
}
