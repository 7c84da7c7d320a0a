package dev.channels.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/** Reads Server-Sent Events of one channel, in the chunks of HTTP 1.1. */
final class SseReceiver extends Receiver {

    private static final ByteBuf DATA =
            Unpooled.unreleasableBuffer(
                    Unpooled.copiedBuffer("data: ", StandardCharsets.ISO_8859_1));

    /** What has come of a line whose end has not. */
    private final ByteBuf lines = Unpooled.buffer();

    private int leftOfChunk;
    private long last = -1;

    SseReceiver(String host, String path, Tally tally, boolean reads) {
        super(
                """
                GET %s HTTP/1.1\r
                Host: %s\r
                Accept: text/event-stream\r
                \r
                """
                        .formatted(path, host),
                200,
                tally,
                reads);
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf in) {
        while (in.isReadable() && (leftOfChunk > 0 || beginChunk(in))) {
            int part = Math.min(leftOfChunk, in.readableBytes());
            lines.writeBytes(in, part);
            leftOfChunk -= part;
        }
        readLines(System.nanoTime());
    }

    /** Reads the length of a chunk, behind the end of the line before it. */
    private boolean beginChunk(ByteBuf in) {
        int start = in.readerIndex();
        while (start < in.writerIndex() && in.getByte(start) <= ' ') {
            start++;
        }
        int end = in.indexOf(start, in.writerIndex(), (byte) '\n');
        if (end < 0) {
            return false;
        }
        String length = in.toString(start, end - start, StandardCharsets.ISO_8859_1).trim();
        in.readerIndex(end + 1);
        leftOfChunk = Integer.parseInt(length, 16);
        return true;
    }

    private void readLines(long now) {
        int end = lines.indexOf(lines.readerIndex(), lines.writerIndex(), (byte) '\n');
        while (end >= 0) {
            int start = lines.readerIndex();
            if (end - start > DATA.readableBytes()
                    && ByteBufUtil.equals(DATA, 0, lines, start, DATA.readableBytes())) {
                last = arrived(last, lines, start + DATA.readableBytes(), now);
            }
            lines.readerIndex(end + 1);
            end = lines.indexOf(lines.readerIndex(), lines.writerIndex(), (byte) '\n');
        }
        lines.discardSomeReadBytes();
    }
}
