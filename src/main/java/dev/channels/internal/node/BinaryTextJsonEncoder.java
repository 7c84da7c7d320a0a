package dev.channels.internal.node;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Bytes as they are, text as UTF-8, everything else as JSON. */
public final class BinaryTextJsonEncoder implements PayloadEncoder {

    private final Function<Object, String> json;

    /**
     * Makes an encoder.
     *
     * @param json turns an object into JSON text; what it throws becomes the cause
     */
    public BinaryTextJsonEncoder(Function<Object, String> json) {
        this.json = json;
    }

    @Override
    public byte[] encode(Object data) {
        if (data instanceof byte[] bytes) {
            return bytes.clone();
        }
        try {
            return utf8(data instanceof CharSequence text ? text : json.apply(data));
        } catch (Exception | StackOverflowError | LinkageError e) {
            if (e instanceof ChannelsException known
                    && known.errorCode() == ErrorCode.NOT_ENCODABLE) {
                // It says better what to do: there is nothing that makes JSON.
                throw known;
            }
            throw new ChannelsException(
                    ErrorCode.NOT_ENCODABLE,
                    "A value of type "
                            + data.getClass().getName()
                            + " could not be encoded ("
                            + e
                            + "). Publish bytes, text, or what JSON-B can write; adapters and"
                            + " serializers for a type go into channels.type-encoders.",
                    e);
        }
    }

    /** Encodes strictly: an unpaired surrogate is an error, not a question mark. */
    private static byte[] utf8(CharSequence text) throws CharacterCodingException {
        String string = text.toString();
        for (int i = 0; i < string.length(); i++) {
            if (Character.isSurrogate(string.charAt(i))) {
                ByteBuffer strict =
                        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(string));
                byte[] bytes = new byte[strict.remaining()];
                strict.get(bytes);
                return bytes;
            }
        }
        return string.getBytes(StandardCharsets.UTF_8);
    }
}
