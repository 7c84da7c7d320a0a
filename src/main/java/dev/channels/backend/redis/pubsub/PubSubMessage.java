package dev.channels.backend.redis.pubsub;

import dev.channels.backend.redis.command.EventBytes;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What is published to a Redis channel, beside the event: who published it (8 bytes), and the
 * sequence number of the publication (8 bytes). So a publication that its publisher had to repeat,
 * because the connection broke before the answer, is recognised by those who got it the first time.
 */
final class PubSubMessage {

    private static final int ADDED = 2 * Long.BYTES;

    private PubSubMessage() {}

    static byte[] encode(
            byte[] payload, Map<String, String> headers, long publisher, long sequence) {
        byte[] added = ByteBuffer.allocate(ADDED).putLong(publisher).putLong(sequence).array();
        return EventBytes.encode(payload, headers, added);
    }

    /**
     * Decodes a message of the version of this node.
     *
     * @throws IllegalArgumentException if it is none
     */
    static EventBytes decode(byte[] message) {
        return EventBytes.decode(message, ADDED);
    }

    static long publisher(byte[] message) {
        return added(message, 0);
    }

    static long sequence(byte[] message) {
        return added(message, Long.BYTES);
    }

    private static long added(byte[] message, int from) {
        return ByteBuffer.wrap(message).getLong(EventBytes.endOfAdded(message) - ADDED + from);
    }
}
