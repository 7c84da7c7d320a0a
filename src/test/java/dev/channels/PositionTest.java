package dev.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PositionTest {

    @Test
    void readsItsTextForm() {
        for (Position position :
                new Position[] {
                    new Position("e", 0),
                    new Position("a:b:", 7),
                    new Position("7f-1", Long.MAX_VALUE),
                }) {
            assertThat(Position.parse(position.toString())).isEqualTo(position);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "e",
                ":1",
                "e:",
                "e:-1",
                "e:x",
                "e:1x",
                "e: 1",
                "e:9223372036854775808"
            })
    void refusesOtherTexts(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void aTextFromOutsideIsPrintedEscaped() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.parse("a\n\u202E:x"))
                .withMessageStartingWith("'a\\u000a\\u202e:x' is no position")
                .withNoCause();
    }
}
