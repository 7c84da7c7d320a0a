package dev.channels.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A client of the client endpoint, in JSON: connects, subscribes, and finds events in frames. */
final class ClientReceiver extends Receiver {

    private static final byte[] PUSH =
            "{\"push\":{\"channel\":\"c".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] DATA =
            "\",\"pub\":{\"data\":\"".getBytes(StandardCharsets.ISO_8859_1);

    private final List<String> channels;

    /** The sequence number received last, by the number in the name of the channel. */
    private final long[] last;

    private int answers;

    ClientReceiver(String host, String path, List<String> channels, Tally tally, boolean reads) {
        super(host, path, tally, reads);
        this.channels = channels;
        int largest = channels.stream().mapToInt(ClientReceiver::number).max().orElse(0);
        last = new long[largest + 1];
        Arrays.fill(last, -1);
    }

    private static int number(String channel) {
        return Integer.parseInt(channel.substring(1));
    }

    @Override
    void begin(ChannelHandlerContext context) {
        StringBuilder commands = new StringBuilder("{\"id\":1,\"connect\":{}}");
        for (int i = 0; i < channels.size(); i++) {
            commands.append("\n{\"id\":")
                    .append(2 + i)
                    .append(",\"subscribe\":{\"channel\":\"")
                    .append(channels.get(i))
                    .append("\"}}");
        }
        send(context, commands.toString());
        // One that does not read would never know.
        if (!context.channel().config().isAutoRead()) {
            opened().trySuccess();
        }
    }

    /** A client's frames are masked; the mask of zeros leaves the text as it is. */
    private static void send(ChannelHandlerContext context, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuf frame = context.alloc().buffer(8 + bytes.length).writeByte(0x81);
        if (bytes.length < 126) {
            frame.writeByte(0x80 | bytes.length);
        } else {
            frame.writeByte(0x80 | 126).writeShort(bytes.length);
        }
        context.writeAndFlush(frame.writeInt(0).writeBytes(bytes));
    }

    /**
     * Goes from message to message. An event is found by its place, as the server writes it, so
     * that this client takes hardly more processor time than the one of a plain endpoint.
     */
    @Override
    void text(ChannelHandlerContext context, ByteBuf in, int index, long now) {
        int end = in.readerIndex();
        if (!opened().isDone()) {
            answered(in, index, end);
        }
        int next;
        for (int at = index; at < end; at = next + 1) {
            if (startsWith(PUSH, in, at, end)) {
                next = event(in, at + PUSH.length, end, now);
            } else {
                if (isPing(in, at)) {
                    send(context, "{}");
                }
                next = endOfMessage(in, at, end);
            }
        }
    }

    /** Takes an event from the number of its channel on; returns where its message ends. */
    private int event(ByteBuf in, int index, int end, long now) {
        int channel = 0;
        int at = index;
        for (; in.getByte(at) != '"'; at++) {
            channel = channel * 10 + in.getByte(at) - '0';
        }
        if (!startsWith(DATA, in, at, end)) {
            return endOfMessage(in, at, end);
        }
        last[channel] = arrived(last[channel], in, at + DATA.length, now);
        return endOfMessage(in, at + DATA.length, end);
    }

    private static int endOfMessage(ByteBuf in, int from, int end) {
        int found = in.indexOf(from, end, (byte) '\n');
        return found < 0 ? end : found;
    }

    private void answered(ByteBuf in, int index, int end) {
        String text = in.toString(index, end - index, StandardCharsets.UTF_8);
        if (text.contains("\"error\":")) {
            opened().tryFailure(new IllegalStateException("Refused: " + text));
            return;
        }
        for (int i = index; i < end; i++) {
            if (in.getByte(i) == '\n') {
                answers++;
            }
        }
        answers++;
        if (answers > channels.size()) {
            opened().trySuccess();
        }
    }

    /** A ping is an empty object. */
    private static boolean isPing(ByteBuf in, int index) {
        return in.getByte(index) == '{' && in.getByte(index + 1) == '}';
    }

    private static boolean startsWith(byte[] wanted, ByteBuf in, int index, int end) {
        if (end - index < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (in.getByte(index + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
