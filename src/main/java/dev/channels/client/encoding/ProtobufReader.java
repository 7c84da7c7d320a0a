package dev.channels.client.encoding;

import dev.channels.client.protocol.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads messages in Protobuf from bytes that are all there. */
final class ProtobufReader implements MessageReader {

    private static final Fields ENTRY = Fields.of("1 key", "2 value");

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int DELIMITED = 2;
    private static final int GROUP_START = 3;
    private static final int GROUP_END = 4;
    private static final int FIXED_32 = 5;

    /** The bits of a varint's last possible byte. */
    private static final int LAST_SHIFT = 63;

    private final byte[] bytes;
    private int position;

    /** Where the message ends that is being read. */
    private int end;

    private int wireType;

    /** Begins to read. */
    ProtobufReader(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /** Tells whether everything was read. */
    boolean isAtEnd() {
        return position == end;
    }

    /** Reads a message that its length precedes. */
    <T> T delimited(Body<T> body) throws ProtocolException {
        int length = length();
        int outer = end;
        end = position + length;
        T message = body.read(this);
        end = outer;
        return message;
    }

    @Override
    public int next(Fields fields) throws ProtocolException {
        while (position < end) {
            int number = tag();
            if (fields.has(number)) {
                return number;
            }
            skip();
        }
        return 0;
    }

    private int tag() throws ProtocolException {
        long tag = varint();
        long number = tag >>> 3;
        if (number == 0 || number > 0x1FFF_FFFF) {
            throw new ProtocolException("A field has no valid number");
        }
        wireType = (int) tag & 7;
        return (int) number;
    }

    /** Skips the field whose tag was read, a group with all that is in it. */
    private void skip() throws ProtocolException {
        int open = 0;
        while (true) {
            switch (wireType) {
                case VARINT -> varint();
                case FIXED_64 -> advance(Long.BYTES);
                case DELIMITED -> advance(length());
                case FIXED_32 -> advance(Integer.BYTES);
                case GROUP_START -> open++;
                case GROUP_END -> open--;
                default -> throw new ProtocolException("A field has an unknown type");
            }
            if (open < 0 || open > MAX_DEPTH) {
                throw new ProtocolException("Groups are not nested well");
            }
            if (open == 0) {
                return;
            }
            tag();
        }
    }

    private void advance(int count) throws ProtocolException {
        if (count > end - position) {
            throw truncated();
        }
        position += count;
    }

    private static ProtocolException truncated() {
        return new ProtocolException("A message is shorter than it says");
    }

    private long varint() throws ProtocolException {
        long value = 0;
        for (int shift = 0; shift <= LAST_SHIFT; shift += 7) {
            if (position == end) {
                throw truncated();
            }
            byte part = bytes[position++];
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new ProtocolException("A number has more than 64 bits");
    }

    private int length() throws ProtocolException {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw truncated();
        }
        return (int) length;
    }

    private void expect(int expected) throws ProtocolException {
        if (wireType != expected) {
            throw new ProtocolException(
                    "A field has the type " + wireType + " instead of " + expected);
        }
    }

    @Override
    public String text() throws ProtocolException {
        expect(DELIMITED);
        int length = length();
        ByteBuffer encoded = ByteBuffer.wrap(bytes, position, length);
        position += length;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("A text is not UTF-8", e);
        }
    }

    @Override
    public long unsigned() throws ProtocolException {
        long number = signed();
        return number < 0 ? Long.MAX_VALUE : number;
    }

    @Override
    public long signed() throws ProtocolException {
        expect(VARINT);
        return varint();
    }

    @Override
    public boolean flag() throws ProtocolException {
        return signed() != 0;
    }

    @Override
    public Payload data() throws ProtocolException {
        expect(DELIMITED);
        int length = length();
        position += length;
        return Payload.of(Arrays.copyOfRange(bytes, position - length, position));
    }

    @Override
    public <T> @Nullable T message(Body<T> body) throws ProtocolException {
        expect(DELIMITED);
        return delimited(body);
    }

    @Override
    public void texts(Map<String, String> into) throws ProtocolException {
        entry(into, "", in -> text());
    }

    @Override
    public <T> void messages(Map<String, T> into, Body<T> body) throws ProtocolException {
        // A value that is left out is an empty message.
        T empty = body.read(new ProtobufReader(new byte[0]));
        entry(
                into,
                empty,
                in -> {
                    expect(DELIMITED);
                    return delimited(body);
                });
    }

    private <T> void entry(Map<String, T> into, T absent, Body<T> value) throws ProtocolException {
        expect(DELIMITED);
        delimited(
                in -> {
                    String key = "";
                    T read = absent;
                    for (int field = next(ENTRY); field != 0; field = next(ENTRY)) {
                        if (field == 1) {
                            key = text();
                        } else {
                            read = value.read(this);
                        }
                    }
                    return into.put(key, read);
                });
    }
}
