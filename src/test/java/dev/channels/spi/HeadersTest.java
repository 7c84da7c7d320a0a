package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HeadersTest {

    @Test
    void comeBackAsTheyWere() {
        Map<String, String> headers =
                Map.of("a", "", "B.c_d-9", "Grüße 😀", "z", "x".repeat(3_000));
        byte[] bytes = Headers.encode(headers);
        byte[] among = new byte[bytes.length + 20];
        System.arraycopy(bytes, 0, among, 10, bytes.length);
        assertThat(Headers.decode(among, 10, bytes.length)).isEqualTo(headers);
    }

    @Test
    void noHeadersAreNoBytes() {
        assertThat(Headers.encode(Map.of())).isEmpty();
        assertThat(Headers.decode(new byte[3], 1, 0)).isEmpty();
    }

    @Test
    void theSameHeadersAreTheSameBytes() {
        Map<String, String> other = new HashMap<>();
        other.put("b", "2");
        other.put("a", "1");
        assertThat(Headers.encode(other)).isEqualTo(Headers.encode(Map.of("a", "1", "b", "2")));
    }

    @Test
    void refusesWhatBreaksTheRuleAndShowsNoValue() {
        assertRefused(Map.of("", "secret"));
        assertRefused(Map.of("with blank", "secret"));
        assertRefused(Map.of("é", "secret"));
        assertRefused(Map.of("n".repeat(65), "secret"));
        assertRefused(Map.of("a", "secret\n"));
        assertRefused(Map.of("a", "secret\ud800"));
        assertRefused(Map.of("a", "secret".repeat(1_000)));
        assertRefused(Map.of("a", "secret".repeat(400), "b", "secret".repeat(400)));
    }

    private static void assertRefused(Map<String, String> headers) {
        assertThatThrownBy(() -> Headers.encode(headers))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.INVALID_HEADERS))
                .hasMessageNotContaining("secret");
    }

    @Test
    void readsAnyBytesOrRefusesThem() {
        Random random = new Random(7);
        byte[] valid = Headers.encode(Map.of("name", "value", "other", "second"));
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = Arrays.copyOf(valid, random.nextInt(valid.length + 1));
            if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Headers.decode(bytes, 0, bytes.length);
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 9_999);
    }
}
