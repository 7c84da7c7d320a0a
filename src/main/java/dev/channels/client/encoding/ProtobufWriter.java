package dev.channels.client.encoding;

import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes one message in Protobuf. */
final class ProtobufWriter implements MessageWriter {

    private static final int VARINT = 0;
    private static final int DELIMITED = 2;
    private static final int INITIAL_CAPACITY = 64;
    private static final int MAX_VARINT = 10;

    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private int size;

    /** Writes a message. */
    static <T> byte[] write(T message, Body<T> body) {
        ProtobufWriter writer = new ProtobufWriter();
        body.write(message, writer);
        return writer.toBytes();
    }

    /** Writes a message and, before it, its length. */
    static <T> byte[] writeDelimited(T message, Body<T> body) {
        ProtobufWriter writer = new ProtobufWriter();
        writer.delimited(message, body);
        return writer.toBytes();
    }

    private byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), size * 2));
        }
    }

    private void varint(long value) {
        ensure(MAX_VARINT);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void tag(int number, int wireType) {
        varint((long) number << 3 | wireType);
    }

    private void bytes(int number, byte[] value) {
        tag(number, DELIMITED);
        varint(value.length);
        ensure(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** Leaves one byte for the length, and makes room where that is not enough. */
    private <T> void delimited(T message, Body<T> body) {
        ensure(1);
        int start = ++size;
        body.write(message, this);
        int length = size - start;
        int more = varintSize(length) - 1;
        ensure(more);
        System.arraycopy(bytes, start, bytes, start + more, length);
        size = start - 1;
        varint(length);
        size += length;
    }

    private static int varintSize(int value) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(value | 1);
        return (bits + 6) / 7;
    }

    @Override
    public void text(int number, String name, String value) {
        if (!value.isEmpty()) {
            bytes(number, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void alwaysText(int number, String name, String value) {
        text(number, name, value);
    }

    @Override
    public void number(int number, String name, long value) {
        if (value != 0) {
            tag(number, VARINT);
            varint(value);
        }
    }

    @Override
    public void alwaysNumber(int number, String name, long value) {
        number(number, name, value);
    }

    @Override
    public void flag(int number, String name, boolean value) {
        number(number, name, value ? 1 : 0);
    }

    @Override
    public void data(int number, String name, Payload value) {
        if (!value.isEmpty()) {
            bytes(number, value.array());
        }
    }

    @Override
    public <T> void message(int number, String name, T value, Body<T> body) {
        tag(number, DELIMITED);
        delimited(value, body);
    }

    @Override
    public void publication(int number, String name, EncodedPublication value) {
        if (!(value.body() instanceof Encoded.Binary binary)) {
            throw new IllegalArgumentException("A publication was not encoded by this codec");
        }
        bytes(number, binary.bytes());
    }

    @Override
    public void publications(int number, String name, List<EncodedPublication> values) {
        values.forEach(value -> publication(number, name, value));
    }

    @Override
    public void alwaysPublications(int number, String name, List<EncodedPublication> values) {
        publications(number, name, values);
    }

    @Override
    public void texts(int number, String name, Map<String, String> values) {
        values.forEach(
                (key, value) ->
                        message(
                                number,
                                name,
                                value,
                                (it, to) -> {
                                    to.text(1, "key", key);
                                    to.text(2, "value", it);
                                }));
    }

    @Override
    public <T> void messages(int number, String name, Map<String, T> values, Body<T> body) {
        values.forEach(
                (key, value) ->
                        message(
                                number,
                                name,
                                value,
                                (it, to) -> {
                                    to.text(1, "key", key);
                                    to.message(2, "value", it, body);
                                }));
    }

    @Override
    public <T> void alwaysMessages(int number, String name, Map<String, T> values, Body<T> body) {
        messages(number, name, values, body);
    }
}
