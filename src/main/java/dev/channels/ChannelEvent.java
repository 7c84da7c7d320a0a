package dev.channels;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One piece of data published to a channel, shared by all subscribers of that channel on this node.
 *
 * <p>Immutable and safe for use by any thread. The payload is never copied on its way to the
 * subscribers, and it is decoded to text at most once, whoever asks first.
 */
public final class ChannelEvent {

    private static final char REPLACEMENT = '\uFFFD';

    private final String channel;
    private final Position position;
    private final byte[] array;
    private final int size;

    /** The text, or the exception that says that there is none; null where nobody asked yet. */
    private volatile @Nullable Object decoded;

    /**
     * Makes an event; used by backends, and by tests that {@linkplain Subscriber#put put} events by
     * hand.
     *
     * @param channel the name of the channel
     * @param position where the event stands in the channel
     * @param payload the bytes; the event takes the array over, so it must not be changed any more
     */
    public ChannelEvent(String channel, Position position, byte[] payload) {
        this(channel, position, Objects.requireNonNull(payload, "payload"), payload.length);
    }

    /**
     * Makes an event of the beginning of an array; spares a backend a copy whose broker's message
     * has something behind the payload.
     *
     * @param channel the name of the channel
     * @param position where the event stands in the channel
     * @param array begins with the payload; the event takes it over, so it must not be changed any
     *     more
     * @param size the length of the payload in bytes
     * @throws IndexOutOfBoundsException if the array is shorter, or the size negative
     */
    public ChannelEvent(String channel, Position position, byte[] array, int size) {
        this.channel = Objects.requireNonNull(channel, "channel");
        this.position = Objects.requireNonNull(position, "position");
        this.array = Objects.requireNonNull(array, "array");
        this.size = size;
        Objects.checkFromIndexSize(0, size, array.length);
    }

    /**
     * Returns the exact name of the channel that the event was published to.
     *
     * @return the name
     */
    public String channel() {
        return channel;
    }

    /**
     * Returns where the event stands in its channel.
     *
     * @return the position
     */
    public Position position() {
        return position;
    }

    /**
     * Returns the payload as a new array, which the caller may keep and change.
     *
     * @return a copy of the bytes; {@link #buffer()} spares the copy
     */
    public byte[] data() {
        return Arrays.copyOf(array, size);
    }

    /**
     * Returns a new read-only view of the payload, without a copy.
     *
     * @return a buffer from position 0 to the payload's length
     */
    public ByteBuffer buffer() {
        ByteBuffer whole = ByteBuffer.wrap(array, 0, size);
        return (size == array.length ? whole : whole.slice()).asReadOnlyBuffer();
    }

    /**
     * Returns the length of the payload.
     *
     * @return the length in bytes
     */
    public int size() {
        return size;
    }

    /**
     * Returns the payload decoded as UTF-8.
     *
     * @return the text, decoded at most once per event and shared by all subscribers
     * @throws ChannelsException {@link ErrorCode#NOT_TEXT} if the payload is not valid UTF-8, the
     *     same exception at every call; {@link #data()} still has the bytes
     */
    public String text() {
        Object known = decoded;
        if (known == null) {
            known = decodeOnce();
        }
        if (known instanceof ChannelsException noText) {
            throw noText;
        }
        return (String) known;
    }

    private Object decodeOnce() {
        // The array is known to nobody else, so it can be the lock, and an event needs no other.
        synchronized (array) {
            Object known = decoded;
            if (known == null) {
                known = decode();
                decoded = known;
            }
            return known;
        }
    }

    private Object decode() {
        String text = new String(array, 0, size, StandardCharsets.UTF_8);
        // The fast decoder replaces what is malformed; only then is the strict one worth its price.
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            CharBuffer strict = StandardCharsets.UTF_8.newDecoder().decode(buffer());
            return strict.toString();
        } catch (CharacterCodingException e) {
            return new ChannelsException(
                    ErrorCode.NOT_TEXT,
                    "The event at "
                            + position
                            + " of channel '"
                            + channel
                            + "' ("
                            + size
                            + " bytes) is not valid UTF-8. Read it with data(), or let its"
                            + " endpoints send binary frames (channels.ws-send-mode=binary).",
                    e);
        }
    }

    /** Two events are equal if channel, position and payload are. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChannelEvent that
                && channel.equals(that.channel)
                && position.equals(that.position)
                && Arrays.equals(array, 0, size, that.array, 0, that.size);
    }

    @Override
    public int hashCode() {
        return Objects.hash(channel, position);
    }

    /** Returns channel, position and size, never the payload: it may be large, or a secret. */
    @Override
    public String toString() {
        return "ChannelEvent[" + channel + " " + position + ", " + size + " bytes]";
    }
}
