package dev.channels.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void commasStandWhereTheyBelong() {
        String json =
                new Json()
                        .object()
                        .name("a{")
                        .value("b[")
                        .name("c")
                        .array()
                        .value(1)
                        .value(true)
                        .none()
                        .object()
                        .endObject()
                        .array()
                        .endArray()
                        .endArray()
                        .name("d:")
                        .value(2.5)
                        .name("e")
                        .value(Double.NaN)
                        .endObject()
                        .toString();
        assertThat(json)
                .isEqualTo("{\"a{\":\"b[\",\"c\":[1,true,null,{},[]],\"d:\":2.5,\"e\":null}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\\/",
                "\b\f\n\r\t\u0000\u001f\u007f",
                "\u2028\u2029",
                "\uD83D\uDE00 é"
            })
    void textComesBackAsItWas(String text) {
        String json = new Json().array().value(text).endArray().toString();
        assertThat(jakarta.json.Json.createReader(new StringReader(json)).readArray().getString(0))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\uD83D", "\uDE00b", "\uD83D\uD83D"})
    void halfACharacterIsWrittenInAscii(String text) {
        assertThat(new Json().array().value(text).endArray().toString())
                .matches("\\p{ASCII}*\\\\ud[0-9a-f]{3}\\p{ASCII}*");
    }
}
