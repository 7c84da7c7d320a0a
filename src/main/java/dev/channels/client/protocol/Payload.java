package dev.channels.client.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Data that the protocol carries for the application without looking into it.
 *
 * <p>Immutable. What comes over a JSON connection is the JSON value as it stood in the command,
 * encoded as UTF-8; what comes over a Protobuf connection is any bytes. The protocol cannot tell an
 * empty payload from none.
 */
public final class Payload {

    /** No data. */
    public static final Payload NONE = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Makes a payload of bytes.
     *
     * @param bytes the payload takes the array over, so it must not be changed any more
     * @return the payload
     */
    public static Payload of(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return bytes.length == 0 ? NONE : new Payload(bytes);
    }

    /**
     * Makes a payload of text.
     *
     * @param text is encoded as UTF-8
     * @return the payload
     */
    public static Payload of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the bytes.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns the number of bytes.
     *
     * @return the length
     */
    public int size() {
        return bytes.length;
    }

    /**
     * Tells whether there is no data.
     *
     * @return whether the size is 0
     */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /**
     * Returns the bytes themselves.
     *
     * @return not a copy: nobody may change them
     */
    public byte[] array() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the size, never the bytes: they may be many, or a secret. */
    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
