package dev.channels.backend.redis.streams;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the publish script pushes: {@code epoch:offset-distance:payload}, or without the last part
 * if the payload is large.
 */
final class StreamPush {

    private final String epoch;
    private final StreamId id;
    private final byte @Nullable [] payload;

    private StreamPush(String epoch, StreamId id, byte @Nullable [] payload) {
        this.epoch = epoch;
        this.id = id;
        this.payload = payload;
    }

    /** The life of the stream. */
    String epoch() {
        return epoch;
    }

    /** Where the event stands. */
    StreamId id() {
        return id;
    }

    /** The payload, or null if it is to be read from the stream. */
    byte @Nullable [] payload() {
        return payload;
    }

    /** Reads a message. Returns null if another program published it. */
    static @Nullable StreamPush decode(byte[] message) {
        int first = colon(message, 0);
        if (first <= 0) {
            return null;
        }
        int second = colon(message, first + 1);
        int end = second < 0 ? message.length : second;
        StreamId id = StreamId.parse(ascii(message, first + 1, end));
        if (id == null) {
            return null;
        }
        return new StreamPush(
                ascii(message, 0, first),
                id,
                second < 0 ? null : Arrays.copyOfRange(message, second + 1, message.length));
    }

    private static int colon(byte[] message, int from) {
        // An epoch has 16 characters, two numbers with a hyphen have less than 48.
        int end = Math.min(message.length, from + 64);
        for (int i = from; i < end; i++) {
            if (message[i] == ':') {
                return i;
            }
        }
        return -1;
    }

    private static String ascii(byte[] message, int from, int to) {
        return new String(message, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
