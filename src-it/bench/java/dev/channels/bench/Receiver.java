package dev.channels.bench;

import dev.channels.bench.app.EventText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The client's end of one WebSocket of a plain endpoint: no more of the protocol than it takes to
 * count events. Subclasses read what other doors send.
 */
class Receiver extends ByteToMessageDecoder {

    /** WildFly ends a connection of which nothing comes for 90 s, and the loop does not ping. */
    private static final int ALIVE_SECONDS = 30;

    private static final int UPGRADED = 101;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final ByteBuf END_OF_HEADERS =
            Unpooled.unreleasableBuffer(
                    Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.ISO_8859_1));

    private final String request;
    private final int status;
    private final Tally tally;
    private final boolean reads;
    private ChannelPromise opened;
    private Future<?> alive;
    private boolean shaken;
    private long last = -1;

    /**
     * Makes a receiver.
     *
     * @param reads whether it goes on reading once the WebSocket is open
     */
    Receiver(String host, String path, Tally tally, boolean reads) {
        this(
                """
                GET %s HTTP/1.1\r
                Host: %s\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """
                        .formatted(path, host),
                UPGRADED,
                tally,
                reads);
    }

    /** Makes one that sends a request, and reads if the answer has a status. */
    Receiver(String request, int status, Tally tally, boolean reads) {
        this.request = request;
        this.status = status;
        this.tally = tally;
        this.reads = reads;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        opened = context.newPromise();
    }

    /** Returns what completes when the WebSocket is open. */
    ChannelPromise opened() {
        return opened;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(ByteBufUtil.writeUtf8(context.alloc(), request));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (shaken || shakeHands(context, in)) {
            read(context, in);
        }
    }

    private boolean shakeHands(ChannelHandlerContext context, ByteBuf in) {
        int end = ByteBufUtil.indexOf(END_OF_HEADERS, in);
        if (end < 0) {
            return false;
        }
        String answer = in.toString(in.readerIndex(), 12, StandardCharsets.ISO_8859_1);
        if (!answer.endsWith(Integer.toString(status))) {
            opened.tryFailure(new IllegalStateException("Not " + status + ": " + answer));
            context.close();
            return false;
        }
        shaken = true;
        in.readerIndex(end + END_OF_HEADERS.readableBytes());
        context.channel().config().setAutoRead(reads);
        if (status == UPGRADED) {
            alive =
                    context.executor()
                            .scheduleAtFixedRate(
                                    () ->
                                            context.writeAndFlush(
                                                    pong(context, Unpooled.EMPTY_BUFFER)),
                                    ALIVE_SECONDS,
                                    ALIVE_SECONDS,
                                    TimeUnit.SECONDS);
        }
        begin(context);
        return true;
    }

    /** The server has answered, and all that follows can come. */
    void begin(ChannelHandlerContext context) {
        opened.trySuccess();
    }

    /** Reads what has come behind the answer. */
    void read(ChannelHandlerContext context, ByteBuf in) {
        long now = System.nanoTime();
        while (in.readableBytes() >= 2) {
            int start = in.readerIndex();
            int length = in.getByte(start + 1) & 0x7f;
            int header = 2;
            if (length == 126) {
                header = 4;
                if (in.readableBytes() < header) {
                    return;
                }
                length = in.getUnsignedShort(start + 2);
            }
            if (in.readableBytes() < header + length) {
                return;
            }
            in.readerIndex(start + header + length);
            frame(context, in, in.getByte(start) & 0xf, start + header, now);
        }
    }

    /** Takes a frame whose payload reaches from an index to the reader's. */
    private void frame(ChannelHandlerContext context, ByteBuf in, int opcode, int index, long now) {
        if (opcode == TEXT) {
            text(context, in, index, now);
        } else if (opcode == PING) {
            context.writeAndFlush(pong(context, in.slice(index, in.readerIndex() - index)));
        } else if (opcode == CLOSE) {
            context.close();
        }
    }

    /** Takes a text that reaches from an index to the reader's. */
    void text(ChannelHandlerContext context, ByteBuf in, int index, long now) {
        last = arrived(last, in, index, now);
    }

    /** Counts the event that begins at an index; returns the sequence number received last. */
    final long arrived(long before, ByteBuf in, int index, long now) {
        return tally.arrived(before, number(in, index), number(in, index + EventText.DIGITS), now);
    }

    private static long number(ByteBuf in, int index) {
        long number = 0;
        for (int i = index; i < index + EventText.DIGITS; i++) {
            number = number << 4 | EventText.digit(in.getByte(i));
        }
        return number;
    }

    /** A client's frames are masked; the mask of zeros leaves the payload as it is. */
    private static ByteBuf pong(ChannelHandlerContext context, ByteBuf payload) {
        int length = payload.readableBytes();
        return context.alloc()
                .buffer(6 + length)
                .writeByte(0x8a)
                .writeByte(0x80 | length)
                .writeInt(0)
                .writeBytes(payload);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        tally.tell();
        if (reads || !opened.isDone()) {
            // which reads on, whatever the channel's own setting
            super.channelReadComplete(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        opened.tryFailure(new IllegalStateException("The server hung up"));
        if (alive != null) {
            alive.cancel(false);
        }
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        opened.tryFailure(failure);
        context.close();
    }
}
