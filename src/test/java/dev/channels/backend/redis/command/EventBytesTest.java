package dev.channels.backend.redis.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventBytesTest {

    private static final byte[] NOTHING = {};

    @Test
    void withoutHeadersItCostsFourBytes() {
        byte[] bytes = EventBytes.encode(new byte[] {1, 2}, Map.of(), NOTHING);
        assertThat(bytes).startsWith(1, 2).hasSize(6);
        assertThat(EventBytes.decode(bytes, 0)).isEqualTo(new EventBytes(2, Map.of()));
    }

    @Test
    void keepsHeadersAndWhatTheBackendAdds() {
        Map<String, String> headers = Map.of("a", "1", "b", "");
        byte[] bytes = EventBytes.encode(NOTHING, headers, new byte[] {7, 8});
        assertThat(EventBytes.version(bytes)).isEqualTo(EventBytes.VERSION);
        assertThat(EventBytes.decode(bytes, 2)).isEqualTo(new EventBytes(0, headers));
        int end = EventBytes.endOfAdded(bytes);
        assertThat(Arrays.copyOfRange(bytes, end - 2, end)).containsExactly(7, 8);
    }

    @Test
    void bytesOfAnotherProgramHaveNoVersion() {
        assertThat(EventBytes.version(NOTHING)).isZero();
        assertThat(EventBytes.version(new byte[] {1})).isZero();
        assertThat(EventBytes.version(Text.bytes("any text"))).isZero();
    }

    @Test
    void whatIsCutOffIsNoEvent() {
        byte[] bytes = EventBytes.encode(NOTHING, Map.of("a", "1"), NOTHING);
        for (int from = 1; from < bytes.length; from++) {
            byte[] cut = Arrays.copyOfRange(bytes, from, bytes.length);
            assertThatThrownBy(() -> EventBytes.decode(cut, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
