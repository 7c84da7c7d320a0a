package dev.channels.backend.redis.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.backend.redis.command.EventBytes;
import dev.channels.backend.redis.command.UnsupportedFormats;
import dev.channels.spi.contract.RecordingSink;
import dev.channels.test.LogCapture;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientBytesTest {

    private static final String NODE = "0123456789abcdef";

    static Stream<PresentClient> clients() {
        return Stream.of(
                new PresentClient("1", "", null, null),
                new PresentClient("ä€😀", "user", "{}", null),
                new PresentClient("1", "u".repeat(200), null, "\"" + "x".repeat(2046) + "\""));
    }

    /** Makes a push as the script does. */
    private static byte[] push(byte[] value, int sign, int version) {
        int end = value.length - 1 - ClientBytes.NODE;
        byte[] push = Arrays.copyOf(Arrays.copyOfRange(value, 17, value.length), end + 3);
        push[end] = (byte) sign;
        push[end + 1] = (byte) 0xCF;
        push[end + 2] = (byte) version;
        return push;
    }

    @ParameterizedTest
    @MethodSource("clients")
    void decodesWhatItEncodes(PresentClient client) {
        byte[] value = ClientBytes.encode(NODE, client);
        assertThat(ClientBytes.decode(value)).isEqualTo(client);
        assertThat(new String(value, 1, 16, StandardCharsets.US_ASCII)).isEqualTo(NODE);
        assertThat(ClientBytes.isPush(push(value, '+', 1))).isTrue();
        assertThat(ClientBytes.push("a", push(value, '+', 1)))
                .isEqualTo(new PresenceChange("a", client, true));
        assertThat(ClientBytes.push("a", push(value, '-', 1)))
                .isEqualTo(new PresenceChange("a", client, false));
    }

    @Test
    void readsNoOtherVersionAndNothingThatIsCutOff() {
        byte[] value = ClientBytes.encode(NODE, new PresentClient("1", "user", "{}", null));
        assertThat(ClientBytes.push("a", push(value, '+', 2))).isNull();
        for (int length = 0; length < value.length; length++) {
            assertThat(ClientBytes.decode(Arrays.copyOf(value, length))).isNull();
        }
        value[0] = '2';
        assertThat(ClientBytes.decode(value)).isNull();
    }

    @Test
    void aPushOfANewerVersionIsSaidOnceAndTheOthersAreTold() {
        RecordingSink sink = new RecordingSink();
        UnsupportedFormats formats = new UnsupportedFormats(Runnable::run);
        byte[] value = ClientBytes.encode(NODE, new PresentClient("1", "user", "{}", null));
        try (LogCapture log = new LogCapture()) {
            for (int version : new int[] {2, 1, 2, 200}) {
                RedisPresence.pushed("a", push(value, '+', version), sink, formats);
            }
            assertThat(sink.awaitPresenceChanges("a", 1)).containsExactly("+1");
            assertThat(log.messages("CHANNELS0027"))
                    .singleElement()
                    .asString()
                    .contains("channel 'a' has something of version 2");
        }
    }

    @Test
    void takesNoEventForAPush() {
        assertThat(ClientBytes.isPush(EventBytes.encode(new byte[5], Map.of(), new byte[16])))
                .isFalse();
        assertThat(ClientBytes.isPush("1:0123456789abcdef:7-9".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(ClientBytes.isPush(new byte[0])).isFalse();
    }
}
