package dev.channels.websocket;

import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;

/**
 * The bytes sent to a client that it has not shown to have read: as long as they are few, they fit
 * the buffers on the way, and a blocking send does not block, whether the client reads or not.
 *
 * <p>What shows it is the pong: frames are read in the order in which they were sent, so who
 * answers a ping (RFC 6455, section 5.5.2) has read what was sent before. One ping is under way at
 * a time.
 *
 * <p>Safe for use by any thread.
 */
final class UnreadBytes {

    /**
     * Linux gives a new connection a send buffer of 87,040 bytes at the least, unless it is told
     * otherwise ({@code net.ipv4.tcp_wmem}), others at least as many as this.
     */
    static final int FITTING = 64 * 1024;

    /** The header of a frame that a server sends, at the most (RFC 6455, section 5.2). */
    private static final int HEADER = 10;

    // Guarded by this.
    private long unread;
    private long sincePing;
    private int pings;
    private boolean awaited;

    /** Begins with an empty count, and takes the pongs of a session. */
    static UnreadBytes of(Session session) {
        UnreadBytes bytes = new UnreadBytes();
        MessageHandler.Whole<PongMessage> pongs = pong -> bytes.answered(pong.getApplicationData());
        session.addMessageHandler(PongMessage.class, pongs);
        return bytes;
    }

    /**
     * Counts an event that is about to be sent.
     *
     * @return whether it fits the buffers, with what may be in them
     */
    synchronized boolean add(int size) {
        unread += size + HEADER;
        sincePing += size + HEADER;
        return unread <= FITTING;
    }

    /** Tells whether the client should be asked: soon enough to have its answer in time. */
    synchronized boolean isPingDue() {
        return !awaited && unread > FITTING / 2;
    }

    /** Returns the payload of the next ping, which is about to be sent. */
    synchronized ByteBuffer nextPing() {
        awaited = true;
        sincePing = 0;
        return ByteBuffer.allocate(Integer.BYTES).putInt(0, ++pings);
    }

    /** A client may send pongs that answer nothing (RFC 6455, section 5.5.3). */
    private synchronized void answered(ByteBuffer payload) {
        if (awaited && payload.equals(ByteBuffer.allocate(Integer.BYTES).putInt(0, pings))) {
            awaited = false;
            unread = sincePing;
        }
    }
}
