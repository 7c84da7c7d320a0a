package dev.channels.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.channels.Position;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamPositionsTest {

    private final StreamPositions positions = new StreamPositions();

    @Test
    void epochStandsOnceForItsChannels() {
        positions.put("ticks", new Position("1-3f", 16));
        positions.put("chat", new Position("1-3f", 4));
        positions.put("orders", new Position("9b", 2));
        positions.put("ticks", new Position("1-3f", 17));
        assertThat(positions).hasToString("1-3f/ticks:17,chat:4;9b/orders:2");
    }

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(positions.has("ticks")).isFalse();
        positions.put("ticks", new Position("e", 0));
        assertThat(positions.has("ticks")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ticks",
                "a,b;c/d:e",
                "with blank",
                "_5F",
                "é€😀",
                "~",
                "a+b%20",
                "a name that is far too long to stand in every event of a stream",
                "naïve-naïve-naïve-naïve-naïve-naïve"
            })
    void anyNamePassesThroughAHeaderAndAQuery(String channel) {
        Position position = new Position(channel, Long.MAX_VALUE);
        positions.put(channel, position);
        String text = positions.toString();
        assertThat(text).matches("[A-Za-z0-9._~:/,;-]+");
        assertThat(StreamPositions.parse(text))
                .isEqualTo(Map.of(StreamPositions.key(channel), position));
    }

    @Test
    void longNamesAreToldApart() {
        String one = "x".repeat(199) + "1";
        String other = "x".repeat(199) + "2";
        assertThat(StreamPositions.key(one))
                .hasSize(17)
                .isNotEqualTo(StreamPositions.key(other))
                .isEqualTo(StreamPositions.key(one));
    }

    @Test
    void textOfManyChannelsIsRead() {
        for (int i = 0; i < 128; i++) {
            positions.put("channel-" + i, new Position("epoch-" + i, i));
        }
        String text = positions.toString();
        assertThat(text.length()).isLessThan(StreamPositions.MAX_LENGTH);
        assertThat(StreamPositions.parse(text))
                .hasSize(128)
                .containsEntry("channel-77", new Position("epoch-77", 77));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "/a:1",
                "e/",
                "e/a",
                "e/a:",
                "e/:1",
                "e/a:-1",
                "e/a:+1",
                "e/a:1x",
                "e/a:٣",
                "e/a:9223372036854775808",
                "e/a:1,",
                "e/a:1;",
                "e/a:1,a:2",
                "e/a:1;f/a:1",
                "_zz/a:1",
                "é/a:1",
                " e/a:1"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> StreamPositions.parse(text));
    }

    @Test
    void endlessTextIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamPositions.parse("e/a:1" + "1".repeat(20_000)));
    }
}
