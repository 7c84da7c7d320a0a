package dev.channels.backend.redis.streams;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the publish script pushes: {@code version:epoch:offset-stamp:body}, or without the last part
 * if the body is long.
 */
final class StreamPush {

    private static final String VERSION = "1";

    private final String version;
    private final String epoch;
    private final StreamId id;
    private final byte @Nullable [] body;

    private StreamPush(String version, String epoch, StreamId id, byte @Nullable [] body) {
        this.version = version;
        this.epoch = epoch;
        this.id = id;
        this.body = body;
    }

    /** Whether this node knows the version: if not, there is nothing but the version. */
    boolean isKnown() {
        return version.equals(VERSION);
    }

    String version() {
        return version;
    }

    /** The life of the stream. */
    String epoch() {
        return epoch;
    }

    /** Where the event stands. */
    StreamId id() {
        return id;
    }

    /** The body of the event, or null if it is to be read from the stream. */
    byte @Nullable [] body() {
        return body;
    }

    /** Reads a message. Returns null if another program published it. */
    static @Nullable StreamPush decode(byte[] message) {
        int first = colon(message, 0);
        if (first != 1 || message[0] != '1') {
            return ofAnotherVersion(first < 0 ? "" : ascii(message, 0, first));
        }
        int second = colon(message, first + 1);
        if (second <= first + 1) {
            return null;
        }
        int third = colon(message, second + 1);
        int end = third < 0 ? message.length : third;
        StreamId id = StreamId.parse(ascii(message, second + 1, end));
        if (id == null) {
            return null;
        }
        return new StreamPush(
                VERSION,
                ascii(message, first + 1, second),
                id,
                third < 0 ? null : Arrays.copyOfRange(message, third + 1, message.length));
    }

    private static @Nullable StreamPush ofAnotherVersion(String version) {
        return version.matches("[1-9]\\d{0,3}")
                ? new StreamPush(version, "", StreamId.NONE, null)
                : null;
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
