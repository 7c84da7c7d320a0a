package dev.channels.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryTextJsonEncoderTest {

    private final Jsonb jsonb = JsonbBuilder.create();
    private final PayloadEncoder encoder = new BinaryTextJsonEncoder(jsonb::toJson);

    private String encoded(Object data) {
        return new String(encoder.encode(data), StandardCharsets.UTF_8);
    }

    /** A bean for JSON-B. */
    public static final class Reading {
        public int value = 42;
        public String unit = "°C";
    }

    @Test
    void bytesAreCopied() {
        byte[] data = {1, 2, 3};
        byte[] payload = encoder.encode(data);
        data[0] = 9;
        assertThat(payload).containsExactly(1, 2, 3);
    }

    @Test
    void textIsUtf8() {
        assertThat(encoded("grün 😀")).isEqualTo("grün 😀");
        assertThat(encoded(new StringBuilder("builder"))).isEqualTo("builder");
        assertThat(encoded("")).isEmpty();
    }

    @Test
    void everythingElseIsJson() {
        assertThat(encoded(new Reading())).isEqualTo("{\"unit\":\"°C\",\"value\":42}");
        assertThat(encoded(Map.of("a", 1))).isEqualTo("{\"a\":1}");
        assertThat(encoded(List.of(1, 2))).isEqualTo("[1,2]");
        assertThat(encoded(42)).isEqualTo("42");
        assertThat(encoded(true)).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "x\ude00", "\ude00\ud83d", "😀\ud83d"})
    void unpairedSurrogateIsRefused(String text) {
        assertThatThrownBy(() -> encoder.encode(text))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_ENCODABLE))
                .hasMessageContaining("java.lang.String")
                .hasMessageNotContaining(text);
    }

    @Test
    void whatJsonCannotWriteIsRefusedWithCauseAndType() {
        PayloadEncoder failing =
                new BinaryTextJsonEncoder(
                        data -> {
                            throw new IllegalArgumentException("no way");
                        });
        assertThatThrownBy(() -> failing.encode(new Reading()))
                .isInstanceOf(ChannelsException.class)
                .hasMessageStartingWith("CHANNELS0005: A value of type " + Reading.class.getName())
                .hasMessageContaining("channels.type-encoders")
                .hasRootCauseMessage("no way");
    }

    @Test
    void dataThatContainsItselfIsRefused() {
        class Loop {
            @SuppressWarnings("unused")
            public Loop getSelf() {
                return this;
            }
        }
        assertThatThrownBy(() -> encoder.encode(new Loop())).isInstanceOf(ChannelsException.class);
    }

    @Test
    void missingJsonbIsSaid() {
        PayloadEncoder without =
                new BinaryTextJsonEncoder(
                        data -> {
                            throw new NoClassDefFoundError("jakarta/json/bind/JsonbBuilder");
                        });
        assertThatThrownBy(() -> without.encode(1))
                .isInstanceOf(ChannelsException.class)
                .hasMessageContaining("jakarta/json/bind/JsonbBuilder");
        assertThat(without.encode("text")).hasSize(4);
    }
}
