package dev.channels.backend.redis.command;

import java.nio.charset.StandardCharsets;

/** Text as Redis takes it: bytes in UTF-8. */
public final class Text {

    private Text() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    public static String of(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
