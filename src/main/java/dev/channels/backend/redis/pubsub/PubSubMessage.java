package dev.channels.backend.redis.pubsub;

import java.nio.ByteBuffer;

/**
 * What is published to a Redis channel: the payload, who published it (8 bytes), and the sequence
 * number of the publication (8 bytes). So a publication that its publisher had to repeat, because
 * the connection broke before the answer, is recognised by those who got it the first time.
 */
final class PubSubMessage {

    private static final int TRAILER = 2 * Long.BYTES;

    private PubSubMessage() {}

    static byte[] encode(byte[] payload, long publisher, long sequence) {
        return ByteBuffer.allocate(payload.length + TRAILER)
                .put(payload)
                .putLong(publisher)
                .putLong(sequence)
                .array();
    }

    /** Whether another program published this. */
    static boolean isForeign(byte[] message) {
        return message.length < TRAILER;
    }

    /** Returns how many bytes, from the first on, are the payload. */
    static int payloadSize(byte[] message) {
        return message.length - TRAILER;
    }

    static long publisher(byte[] message) {
        return ByteBuffer.wrap(message).getLong(payloadSize(message));
    }

    static long sequence(byte[] message) {
        return ByteBuffer.wrap(message).getLong(payloadSize(message) + Long.BYTES);
    }
}
