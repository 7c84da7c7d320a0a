package dev.channels.client.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.util.List;
import java.util.NoSuchElementException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-1.5E+10",
                "1e5",
                "10",
                " true ",
                "false",
                "null",
                "\"\"",
                "\"\\u00aF\\b\"",
                "[]",
                "[ ]",
                "{}",
                "{ }",
                "[1,2]",
                "[[],[{}],{}]",
                "{\"a\":{\"b\":[1]},\"a\":null}",
                "\r\n\t {\r\n\t \"a\"\r\n\t :\r\n\t 1\r\n\t }\r\n\t "
            })
    void takesAValue(String text) {
        assertThat(JsonText.isValue(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "1e+",
                "0x1",
                "NaN",
                "tru",
                "truefalse",
                "1 2",
                "\"",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "\"\\",
                "\"\n\"",
                "'a'",
                "[",
                "]",
                "[1",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{",
                "}",
                "{a:1}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1",
                "{1:1}",
                "[}",
                "{]",
                "[1}",
                "{\"a\":1]",
                "[]]",
                "{}{}",
                "{\"a\":1 \"b\":2}",
                "\u00A01",
                "\uFEFF1",
                "1\u0000"
            })
    void refusesAnythingElse(String text) {
        assertThat(JsonText.isValue(text)).isFalse();
    }

    @Test
    void boundsTheDepth() {
        String deepest = "[".repeat(JsonText.MAX_DEPTH) + "]".repeat(JsonText.MAX_DEPTH);
        assertThat(JsonText.isValue(deepest)).isTrue();
        assertThat(JsonText.isValue("[" + deepest + "]")).isFalse();
        assertThat(JsonText.isValue("[".repeat(1_000_000))).isFalse();
    }

    @Provide
    Arbitrary<String> jsonLike() {
        Arbitrary<String> token =
                Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ":",
                        ",",
                        " ",
                        "\n",
                        "\"a\"",
                        "\"\\n\"",
                        "\"",
                        "\\",
                        "1",
                        "-",
                        "0",
                        ".5",
                        "e1",
                        "true",
                        "null",
                        "[1]",
                        "{\"a\":2}");
        return token.list().ofMaxSize(12).map(tokens -> String.join("", tokens));
    }

    @Property(tries = 5000)
    void takesWhatAParserTakes(@ForAll("jsonLike") String text) {
        assertThat(JsonText.isValue(text)).isEqualTo(parses(text));
    }

    @Property(tries = 2000)
    void losesNothingButLineBreaks(@ForAll("jsonLike") String text) {
        if (parses(text)) {
            String line = JsonText.onOneLine(text);
            assertThat(line).doesNotContain("\n", "\r");
            assertThat(Schema.parse(line)).isEqualTo(Schema.parse(text));
        }
    }

    private static boolean parses(String text) {
        try (JsonParser parser = Json.createParser(new StringReader(text))) {
            parser.next();
            while (parser.hasNext()) {
                parser.next();
            }
            return true;
        } catch (JsonException | NoSuchElementException e) {
            return false;
        }
    }

    @Test
    void theParserIsStrictEnoughToCompareWith() {
        assertThat(List.of("[1]", "1").stream().allMatch(JsonTextTest::parses)).isTrue();
        assertThat(List.of("[1]]", "01", "").stream().anyMatch(JsonTextTest::parses)).isFalse();
    }
}
