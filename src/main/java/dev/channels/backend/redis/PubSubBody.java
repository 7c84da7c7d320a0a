package dev.channels.backend.redis;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What is published to a Redis channel: who published it (8 bytes), the sequence number of the
 * publication (8 bytes), the payload. So a publication that its publisher had to repeat, because
 * the connection broke before the answer, is recognised by those who got it the first time.
 */
final class PubSubBody {

    private static final int HEADER = 2 * Long.BYTES;

    private PubSubBody() {}

    static byte[] encode(long publisher, long sequence, byte[] payload) {
        return ByteBuffer.allocate(HEADER + payload.length)
                .putLong(publisher)
                .putLong(sequence)
                .put(payload)
                .array();
    }

    /** Whether another program published this. */
    static boolean isForeign(byte[] body) {
        return body.length < HEADER;
    }

    static long publisher(byte[] body) {
        return ByteBuffer.wrap(body).getLong(0);
    }

    static long sequence(byte[] body) {
        return ByteBuffer.wrap(body).getLong(Long.BYTES);
    }

    static byte[] payload(byte[] body) {
        return Arrays.copyOfRange(body, HEADER, body.length);
    }
}
