package dev.channels.endpoint.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One table of what is the same path, and what is ambiguous; the context root is /sec. */
class RequestPathTest {

    private static RequestPath path(String uri) {
        return RequestPath.of(uri, "/sec");
    }

    @ParameterizedTest
    @CsvSource({
        "/sec, /",
        "/sec/, /",
        "/sec/ws, /ws",
        "/sec/ws/, /ws/",
        "/sec/ws/good, /ws/good",
        "/sec/%77s/good, /ws/good",
        "/%73ec/ws/good, /ws/good",
        "/sec/ws/with%20blank, /ws/with blank",
        "/sec/ws/caf%c3%A9, /ws/café",
        "/sec/ws/%F0%9F%9A%80, /ws/🚀",
        "/sec/ws/a+b, /ws/a+b",
        "/sec/ws/a%3Bb, /ws/a;b",
        "/sec/ws/%2541, /ws/%41",
        "/sec/ws/a..b, /ws/a..b",
        "/sec/ws/good;jsessionid=0A.b-c!1, /ws/good",
        "/sec/ws;p=1/good, /ws/good",
        "/sec;jsessionid=1/ws/good, /ws/good",
        "/sec/ws/;jsessionid=1, /ws/",
        "http://host:80/sec/ws/good, /ws/good",
    })
    void pathIsWhatItSays(String uri, String path) {
        assertThat(path(uri).path()).isEqualTo(path);
        assertThat(path(uri).isPlain()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "//sec/ws/good, /ws/good",
        "/sec//ws/good, /ws/good",
        "/sec/ws//good, /ws/good",
        "/sec/./ws/good, /ws/good",
        "/sec/x/../ws/good, /ws/good",
        "/x/../sec/ws/good, /ws/good",
        "/sec/ws/%2e/good, /ws/good",
        "/sec/ws/x/%2E%2e/good, /ws/good",
        "/sec/ws/..;p=1/ws/good, /ws/good",
        "/sec/ws/a%2Fb, /ws/a/b",
        "/sec/ws%2fgood, /ws/good",
        "/sec/ws/a%5Cb, /ws/a\\b",
        "/SEC/ws/good, /SEC/ws/good",
        "/other/ws/good, /other/ws/good",
        "/sec/ws/%ff, /ws/%ff",
        "/sec/ws/%C0%AF, /ws/%C0%AF",
        "/sec/ws/%ED%A0%80, /ws/%ED%A0%80",
        "/sec/ws/%zz, /ws/%zz",
        "/sec/ws/%4, /ws/%4",
        "/sec/ws/%, /ws/%",
        "/sec/ws/é, /ws/é",
    })
    void ambiguousPathIsTakenForWhatItCouldBe(String uri, String path) {
        assertThat(path(uri).path()).isEqualTo(path);
        assertThat(path(uri).isPlain()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sec/ws/x%0Ay", "/sec/ws/%1b", "/sec/ws/%7f", "/sec/ws/%C2%85", "*"})
    void controlCharactersAreAmbiguous(String uri) {
        assertThat(path(uri).isPlain()).isFalse();
    }

    @Test
    void contextRootMayBeNoneOrLongOrEncoded() {
        assertThat(RequestPath.of("/ws/good", "").path()).isEqualTo("/ws/good");
        assertThat(RequestPath.of("/a/b/ws/good", "/a/b").path()).isEqualTo("/ws/good");
        assertThat(RequestPath.of("/a%20b/ws/good", "/a%20b").path()).isEqualTo("/ws/good");
        assertThat(RequestPath.of("/a%20b/ws/good", "/a%20b").isPlain()).isTrue();
        assertThat(RequestPath.of("/ws/good", "").isPlain()).isTrue();
    }

    @Test
    void nameIsTheOneSegmentBelow() {
        assertThat(path("/sec/ws/good").nameBelow("/ws/")).isEqualTo("good");
        assertThat(path("/sec/good").nameBelow("/")).isEqualTo("good");
        assertThat(path("/sec/ws/").nameBelow("/ws/")).isEmpty();
        assertThat(path("/sec").nameBelow("/")).isEmpty();
        assertThat(path("/sec/ws").nameBelow("/ws/")).isNull();
        assertThat(path("/sec/wss/good").nameBelow("/ws/")).isNull();
        assertThat(path("/sec/ws/a/b").nameBelow("/ws/")).isNull();
    }

    @Test
    void encodedSlashIsASeparatorOrNot() {
        assertThat(path("/sec/ws/a%2Fb").nameBelow("/ws/")).isEqualTo("a/b");
        assertThat(path("/sec/ws%2fgood").nameBelow("/ws/")).isEqualTo("good");
        assertThat(path("/sec/ws/..%2f").nameBelow("/ws/")).isEqualTo("../");
        assertThat(path("/sec/ws/%2e%2e").nameBelow("/ws/")).isEqualTo("..");
    }
}
