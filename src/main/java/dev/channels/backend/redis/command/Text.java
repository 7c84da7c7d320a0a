package dev.channels.backend.redis.command;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Text as Redis takes it: bytes in UTF-8. */
public final class Text {

    private Text() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    /**
     * Returns what scripts take for several things: a number for each, with blanks between, or one
     * number if it is the same for all.
     */
    public static byte[] each(Stream<Long> numbers) {
        List<Long> list = numbers.toList();
        boolean same = list.stream().distinct().count() == 1;
        return bytes(
                (same ? list.subList(0, 1) : list)
                        .stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }

    public static String of(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
