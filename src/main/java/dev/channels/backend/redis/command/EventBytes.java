package dev.channels.backend.redis.command;

import dev.channels.spi.Headers;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * The form of an event on its way through Redis: the payload, the headers, their length (2 bytes),
 * what the backend adds, and a mark and the version of all that (1 byte each). What is added to the
 * payload stands behind it, so that the message that comes in needs no copy.
 *
 * @param payload how many bytes, from the first on, are the payload
 * @param headers the headers
 */
public record EventBytes(int payload, Map<String, String> headers) {

    /** The version that this node writes, and the greatest that it reads. */
    public static final int VERSION = 1;

    private static final byte MARK = (byte) 0xCE;
    private static final int END = 2;
    private static final int LENGTH = 2;

    /**
     * Encodes an event.
     *
     * @param added what the backend adds
     */
    public static byte[] encode(byte[] payload, Map<String, String> headers, byte[] added) {
        byte[] encoded = Headers.encode(headers);
        int size = payload.length + encoded.length + LENGTH + added.length + END;
        return ByteBuffer.allocate(size)
                .put(payload)
                .put(encoded)
                .putShort((short) encoded.length)
                .put(added)
                .put(MARK)
                .put((byte) VERSION)
                .array();
    }

    /**
     * Returns the version of an event, or 0 if these bytes are none: another program wrote them.
     */
    public static int version(byte[] bytes) {
        return bytes.length >= END && bytes[bytes.length - END] == MARK
                ? bytes[bytes.length - 1] & 0xff
                : 0;
    }

    /**
     * Decodes an event of this version.
     *
     * @param added how many bytes the backend added; they end {@link #endOfAdded} bytes in
     * @throws IllegalArgumentException if the bytes are none
     */
    public static EventBytes decode(byte[] bytes, int added) {
        int behind = endOfAdded(bytes) - added;
        if (behind < LENGTH) {
            throw new IllegalArgumentException("An event is cut off");
        }
        int length = ByteBuffer.wrap(bytes).getShort(behind - LENGTH) & 0xffff;
        int payload = behind - LENGTH - length;
        if (payload < 0) {
            throw new IllegalArgumentException("The headers of an event are cut off");
        }
        return new EventBytes(payload, Headers.decode(bytes, payload, length));
    }

    /** Returns where that ends what the backend added. */
    public static int endOfAdded(byte[] bytes) {
        return bytes.length - END;
    }
}
