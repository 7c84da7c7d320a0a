package dev.channels.backend.redis.pubsub;

import dev.channels.backend.redis.command.EventBytes;
import dev.channels.spi.Publication;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.ToLongFunction;

/**
 * What is published to Redis channels, beside the event: its {@link Predecessors predecessor} on
 * each of them (8 bytes, behind the hash code of the channel's name, 4 bytes), how many those are
 * (2 bytes), who published it (8 bytes), and the sequence number of the publication (8 bytes). So a
 * publication that its publisher had to repeat, because the connection broke before the answer, is
 * recognised by those who got it the first time, and one that was lost by those who get the next.
 *
 * <p>One message for several channels, since to make them differ would cost Redis a copy for each.
 */
final class PubSubMessage {

    private static final int FEWEST_CHANNELS = 16;
    private static final int MOST_CHANNELS = 0xffff;

    private static final int FOR_EACH = Integer.BYTES + Long.BYTES;
    private static final int FOR_ALL = Short.BYTES + 2 * Long.BYTES;

    private PubSubMessage() {}

    /**
     * Returns how many channels one message can be for. What is added to a small payload stays
     * small; what is added to a large one can be as much again, so that all messages together are
     * hardly more than the payload and what each channel needs.
     *
     * @param payload its length
     */
    static int maxChannels(int payload) {
        return Math.min(Math.max(payload / FOR_EACH, FEWEST_CHANNELS), MOST_CHANNELS);
    }

    /**
     * Encodes the message for some of the channels of a publication.
     *
     * @param channels at most {@link #maxChannels}
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
        added.putShort((short) channels.size()).putLong(publisher).putLong(publication.sequence());
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
        int countAt = EventBytes.endOfAdded(message) - FOR_ALL;
        if (countAt < 0) {
            throw new IllegalArgumentException("An event is cut off");
        }
        int count = ByteBuffer.wrap(message).getShort(countAt) & 0xffff;
        return FOR_EACH * count + FOR_ALL;
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
