package dev.channels.spi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The headers of an event on their way through a broker: the rule that they keep, and their one
 * form in bytes, for every backend.
 *
 * <p>The form: for each header the length of its name (1 byte), the name (ASCII), the length of the
 * value (2 bytes, the higher one first), the value (UTF-8); in the order of the names. No headers
 * are no bytes.
 */
public final class Headers {

    /** How many bytes the form of an event's headers may have. */
    public static final int MAX_BYTES = 4096;

    /** The rule in words, for error messages. */
    public static final String RULE =
            "names of 1 to 64 ASCII letters, digits, '.', '_' and '-'; values without control"
                    + " characters and unpaired surrogates; "
                    + MAX_BYTES
                    + " bytes in all";

    private static final int MAX_NAME = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_NAME + "}");

    private Headers() {}

    /**
     * Encodes headers.
     *
     * @param headers names and values
     * @return the bytes; an empty array for no headers
     * @throws ChannelsException {@link ErrorCode#INVALID_HEADERS} if they break the rule; the
     *     message shows no value
     */
    public static byte[] encode(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return new byte[0];
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new TreeMap<>(headers)
                .forEach(
                        (name, value) -> {
                            require(NAME.matcher(name).matches(), "The name '" + shown(name) + "'");
                            require(isValue(value), "The value of '" + name + "'");
                            byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
                            require(encoded.length <= MAX_BYTES, "The value of '" + name + "'");
                            bytes.write(name.length());
                            bytes.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
                            bytes.write(encoded.length >> 8);
                            bytes.write(encoded.length);
                            bytes.writeBytes(encoded);
                        });
        require(bytes.size() <= MAX_BYTES, "The size of " + bytes.size() + " bytes");
        return bytes.toByteArray();
    }

    private static void require(boolean kept, String what) {
        if (!kept) {
            throw new ChannelsException(
                    ErrorCode.INVALID_HEADERS,
                    what + " breaks the rule for the headers of an event: " + RULE + ".");
        }
    }

    private static String shown(String name) {
        return ChannelNames.printable(
                name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name);
    }

    private static boolean isValue(String value) {
        return value.codePoints().noneMatch(c -> Character.isISOControl(c) || isSurrogate(c));
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /**
     * Decodes headers.
     *
     * @param bytes holds what {@link #encode} returned
     * @param from where it begins
     * @param length how long it is
     * @return the headers, immutable
     * @throws IllegalArgumentException if that is not what the bytes hold
     */
    public static Map<String, String> decode(byte[] bytes, int from, int length) {
        if (length == 0) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        int end = from + length;
        int at = from;
        try {
            while (at < end) {
                int name = bytes[at] & 0xff;
                int value = ((bytes[at + 1 + name] & 0xff) << 8) + (bytes[at + 2 + name] & 0xff);
                int valueAt = at + 3 + name;
                headers.put(
                        new String(bytes, at + 1, name, StandardCharsets.US_ASCII),
                        new String(bytes, valueAt, value, StandardCharsets.UTF_8));
                at = valueAt + value;
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("Headers are cut off", e);
        }
        if (at != end) {
            throw new IllegalArgumentException("Headers do not end where they should");
        }
        return Map.copyOf(headers);
    }
}
