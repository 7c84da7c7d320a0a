package dev.channels.backend.redis.pubsub;

import dev.channels.backend.redis.command.EventBytes;
import dev.channels.spi.Publication;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.ToLongFunction;

/**
 * What is published to Redis channels, beside the event: its {@link Predecessors predecessor} on
 * each of them (8 bytes, behind the hash code of the channel's name, 4 bytes), how many those are
 * (1 byte), who published it (8 bytes), and the sequence number of the publication (8 bytes). So a
 * publication that its publisher had to repeat, because the connection broke before the answer, is
 * recognised by those who got it the first time, and one that was lost by those who get the next.
 *
 * <p>One message for several channels, since to make them differ would cost Redis a copy for each.
 */
final class PubSubMessage {

    /** How many channels one message can be for, so that it does not grow much. */
    static final int CHANNELS = 16;

    private static final int FOR_EACH = Integer.BYTES + Long.BYTES;
    private static final int FOR_ALL = 1 + 2 * Long.BYTES;

    private PubSubMessage() {}

    /**
     * Encodes the message for some of the channels of a publication.
     *
     * @param predecessors finds the predecessor on a channel
     */
    static byte[] encode(
            Publication publication,
            long publisher,
            Collection<String> channels,
            ToLongFunction<String> predecessors) {
        ByteBuffer added = ByteBuffer.allocate(channels.size() * FOR_EACH + FOR_ALL);
        for (String channel : channels) {
            added.putInt(channel.hashCode()).putLong(predecessors.applyAsLong(channel));
        }
        added.put((byte) channels.size()).putLong(publisher).putLong(publication.sequence());
        return EventBytes.encode(publication.payload(), publication.headers(), added.array());
    }

    /**
     * Decodes a message of the version of this node.
     *
     * @throws IllegalArgumentException if it is none
     */
    static EventBytes decode(byte[] message) {
        return EventBytes.decode(message, added(message));
    }

    private static int added(byte[] message) {
        int count = EventBytes.endOfAdded(message) - FOR_ALL;
        if (count < 0) {
            throw new IllegalArgumentException("An event is cut off");
        }
        return FOR_EACH * (message[count] & 0xff) + FOR_ALL;
    }

    static long publisher(byte[] message) {
        return ByteBuffer.wrap(message).getLong(EventBytes.endOfAdded(message) - 2 * Long.BYTES);
    }

    static long sequence(byte[] message) {
        return ByteBuffer.wrap(message).getLong(EventBytes.endOfAdded(message) - Long.BYTES);
    }

    /**
     * Returns the predecessor on one of the channels; where the names of several have its hash
     * code, the oldest of theirs, which makes no hole where none is.
     */
    static long predecessor(byte[] message, String channel) {
        int end = EventBytes.endOfAdded(message);
        ByteBuffer bytes = ByteBuffer.wrap(message);
        long oldest = Long.MAX_VALUE;
        for (int at = end - added(message); at < end - FOR_ALL; at += FOR_EACH) {
            if (bytes.getInt(at) == channel.hashCode()) {
                oldest = Math.min(oldest, bytes.getLong(at + Integer.BYTES));
            }
        }
        return oldest == Long.MAX_VALUE ? Predecessors.UNKNOWN : oldest;
    }
}
