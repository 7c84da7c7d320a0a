package dev.channels.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A client of the client endpoint, in JSON: connects, subscribes, and finds events in frames. */
final class ClientReceiver extends Receiver {

    private static final byte[] DATA = "\"data\":\"".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] PING_BEHIND = "\n{}".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] CHANNEL = "\"channel\":\"c".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ERROR = "\"error\":".getBytes(StandardCharsets.ISO_8859_1);

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

    @Override
    void text(ChannelHandlerContext context, ByteBuf in, int index, long now) {
        int end = in.readerIndex();
        if (isPing(in, index) || find(PING_BEHIND, in, index, end) >= 0) {
            send(context, "{}");
        }
        if (!opened().isDone()) {
            answered(in, index, end);
        }
        int at = find(CHANNEL, in, index, end);
        while (at >= 0) {
            int channel = 0;
            for (; in.getByte(at) != '"'; at++) {
                channel = channel * 10 + in.getByte(at) - '0';
            }
            int data = find(DATA, in, at, end);
            if (data < 0) {
                return;
            }
            last[channel] = arrived(last[channel], in, data, now);
            at = find(CHANNEL, in, data, end);
        }
    }

    private void answered(ByteBuf in, int index, int end) {
        if (find(ERROR, in, index, end) >= 0) {
            String text = in.toString(index, end - index, StandardCharsets.UTF_8);
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

    /** A ping is an empty object, alone in its frame or among other messages. */
    private static boolean isPing(ByteBuf in, int index) {
        return in.getByte(index) == '{' && in.getByte(index + 1) == '}';
    }

    /** Returns the index behind some bytes, or -1. */
    private static int find(byte[] wanted, ByteBuf in, int from, int end) {
        for (int i = from; i <= end - wanted.length; i++) {
            int same = 0;
            while (same < wanted.length && in.getByte(i + same) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return i + same;
            }
        }
        return -1;
    }
}
