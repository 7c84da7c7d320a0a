package dev.channels.backend.redis;

import java.nio.charset.StandardCharsets;

/** Text as Redis takes it: bytes in UTF-8. */
final class Text {

    private Text() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    static String of(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
