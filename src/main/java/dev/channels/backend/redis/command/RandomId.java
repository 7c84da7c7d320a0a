package dev.channels.backend.redis.command;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Makes names that no other node makes. */
public final class RandomId {

    private RandomId() {}

    public static long number() {
        return ThreadLocalRandom.current().nextLong();
    }

    /** 16 hexadecimal digits. */
    public static String text() {
        return HexFormat.of().toHexDigits(number());
    }
}
