package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;

/** What holds for all headers and all positions, and for all bytes that are none. */
class HeadersPropertiesTest {

    @Property
    void whatIsEncodedIsDecodedWhereverItStands(
            @ForAll("headers") Map<String, String> headers,
            @ForAll @IntRange(max = 20) int before,
            @ForAll @IntRange(max = 20) int behind) {
        byte[] form = Headers.encode(headers);
        byte[] whole = new byte[before + form.length + behind];
        Arrays.fill(whole, (byte) 0x7f);
        System.arraycopy(form, 0, whole, before, form.length);
        assertThat(Headers.decode(whole, before, form.length)).isEqualTo(headers);
    }

    @Property
    void equalHeadersHaveOneForm(@ForAll("headers") Map<String, String> headers) {
        byte[] form = Headers.encode(headers);
        assertThat(Headers.encode(Headers.decode(form, 0, form.length))).isEqualTo(form);
    }

    @Property
    void whatIsNoFormIsRefusedAsAnArgument(@ForAll byte[] bytes) {
        try {
            Headers.decode(bytes, 0, bytes.length);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("Headers");
        }
    }

    @Property
    void whatIsCutOffIsRefusedWhateverStandsBehind(
            @ForAll("headers") Map<String, String> headers, @ForAll @IntRange(min = 1) int cut) {
        byte[] form = Headers.encode(headers);
        int length = form.length - 1 - cut % Math.max(1, form.length - 1);
        if (length > 0 && isWithinAHeader(headers, length)) {
            assertThatThrownBy(() -> Headers.decode(form, 0, length))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Between two headers a form ends well. */
    private static boolean isWithinAHeader(Map<String, String> headers, int length) {
        int end = 0;
        for (Map.Entry<String, String> header : new TreeMap<>(headers).entrySet()) {
            end += Headers.encode(Map.of(header.getKey(), header.getValue())).length;
            if (end == length) {
                return false;
            }
        }
        return true;
    }

    @Property
    void anyOtherTextIsRefusedAndNotShown(@ForAll("headers") Map<String, String> headers) {
        Map<String, String> broken = new HashMap<>(headers);
        broken.put("name", "se\ncret");
        assertThatThrownBy(() -> Headers.encode(broken))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.INVALID_HEADERS))
                .hasMessageNotContaining("cret");
    }

    @Property
    void aPositionIsReadFromItsText(
            @ForAll @NotEmpty String epoch, @ForAll @LongRange(min = 0) long offset) {
        Position position = new Position(epoch, offset);
        assertThat(Position.parse(position.toString())).isEqualTo(position);
    }

    @Property
    void aTextIsNoPositionOrIsReadInOneWay(@ForAll String text) {
        try {
            Position position = Position.parse(text);
            assertThat(Position.parse(position.toString())).isEqualTo(position);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("is no position");
        }
    }

    @Provide
    static Arbitrary<Map<String, String>> headers() {
        Arbitrary<String> names =
                Arbitraries.strings()
                        .withCharRange('a', 'z')
                        .withCharRange('A', 'Z')
                        .withCharRange('0', '9')
                        .withChars("._-")
                        .ofMinLength(1)
                        .ofMaxLength(64);
        Arbitrary<String> values =
                Arbitraries.strings()
                        .withChars("ä€")
                        .withCharRange(' ', '~')
                        .ofMaxLength(60)
                        .map(text -> text + "\uD83D\uDE00");
        return Arbitraries.maps(names, values).ofMaxSize(10);
    }
}
