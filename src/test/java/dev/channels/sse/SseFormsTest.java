package dev.channels.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Position;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseFormsTest {

    private static ChannelEvent event(String channel, byte[] payload) {
        return new ChannelEvent(channel, new Position("e", 1), payload);
    }

    private static String written(String channel, String text) {
        byte[] form = SseForms.of(event(channel, text.getBytes(StandardCharsets.UTF_8)));
        return new String(form, StandardCharsets.UTF_8);
    }

    @Test
    void eventHasTheNameOfItsChannel() {
        assertThat(written("ticks", "{\"a\":1}")).isEqualTo("event: ticks\ndata: {\"a\":1}\n\n");
        assertThat(written(" a:b", " grüße 😀")).isEqualTo("event:  a:b\ndata:  grüße 😀\n\n");
    }

    @ParameterizedTest
    @CsvSource({
        "gap, channel:gap",
        "open, channel:open",
        "error, channel:error",
        "channel:gap, channel:channel:gap",
        "message, message",
        "Gap, Gap",
        "gaps, gaps"
    })
    void nameThatWouldBeTakenForSomethingElseIsMarked(String channel, String name) {
        assertThat(SseForms.nameOf(channel)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'data: '",
        "a|b, 'data: a|data: b'",
        "a||, 'data: a|data: |data: '",
        "|, 'data: |data: '"
    })
    void everyLineOfThePayloadIsALineOfData(String payload, String lines) {
        String expected = "event: c\n" + lines.replace("|", "\n") + "\n\n";
        assertThat(written("c", payload.replace("|", "\n"))).isEqualTo(expected);
        assertThat(written("c", payload.replace("|", "\r"))).isEqualTo(expected);
        assertThat(written("c", payload.replace("|", "\r\n"))).isEqualTo(expected);
    }

    @Test
    void formIsMadeOnce() {
        ChannelEvent event = event("c", new byte[] {'x'});
        assertThat(SseForms.of(event)).isSameAs(SseForms.of(event));
    }

    @Test
    void payloadThatIsNoTextHasNoForm() {
        assertThatThrownBy(() -> SseForms.of(event("c", new byte[] {(byte) 0xFF})))
                .isInstanceOf(ChannelsException.class);
    }

    @Test
    void gapTellsItsChannel() {
        assertThat(new String(SseForms.gap("ticks"), StandardCharsets.UTF_8))
                .isEqualTo("event: gap\ndata: ticks\n\n");
    }
}
