package dev.channels.backend.redis;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Makes names that no other node makes. */
final class RandomId {

    private RandomId() {}

    static long number() {
        return ThreadLocalRandom.current().nextLong();
    }

    /** 16 hexadecimal digits. */
    static String text() {
        return HexFormat.of().toHexDigits(number());
    }
}
