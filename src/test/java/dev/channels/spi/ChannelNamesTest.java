package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"ticks", "Größe 東京", "order-\uD83D\uDE00", "a'b\\c"})
    void aPlainNameIsPrintedAsItIs(String name) {
        assertThat(ChannelNames.printable(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            chars = {
                '\0', '\n', '\r', '\t', '\u001B', '\u0085', '\u2028', '\u2029', '\u202E', '\u2066',
                '\u200B', '\uFEFF', '\uD83D', '\uDE00'
            })
    void whatNobodyCanSeeIsEscaped(char hidden) {
        assertThat(ChannelNames.printable("a" + hidden + "b"))
                .isEqualTo(String.format("a\\u%04xb", (int) hidden));
    }

    @Test
    void aCharacterOfTwoHalvesIsEscapedWhole() {
        assertThat(ChannelNames.printable(Character.toString(0xE0001))).isEqualTo("\\udb40\\udc01");
    }

    @Test
    void aLongNameIsCutBetweenCharacters() {
        assertThat(ChannelNames.printable("x".repeat(200))).isEqualTo("x".repeat(200));
        assertThat(ChannelNames.printable("x".repeat(201))).isEqualTo("x".repeat(200) + "…");
        assertThat(ChannelNames.printable("x".repeat(199) + "\uD83D\uDE00"))
                .isEqualTo("x".repeat(199) + "…");
    }

    @Test
    void ofManyNamesTheFirstArePrinted() {
        assertThat(ChannelNames.printable(List.of("a", "b\n"))).isEqualTo("[a, b\\u000a]");
        assertThat(ChannelNames.printable(IntStream.range(0, 10).mapToObj(i -> "" + i).toList()))
                .isEqualTo("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
        assertThat(ChannelNames.printable(IntStream.range(0, 5_000).mapToObj(i -> "" + i).toList()))
                .isEqualTo("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 4990 more]");
    }

    @Test
    void aRefusedNameIsPrintable() {
        assertThatThrownBy(() -> ChannelNames.requireValid("a\u202E/b"))
                .isInstanceOf(ChannelsException.class)
                .hasMessageStartingWith("CHANNELS0003")
                .hasMessageContaining("'a\\u202e/b'");
    }
}
