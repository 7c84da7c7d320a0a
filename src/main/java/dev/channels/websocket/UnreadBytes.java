package dev.channels.websocket;

import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

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
     * Less than the two sides hold with the defaults of Linux: a new connection has a send buffer
     * of 46,080 or 87,040 bytes (by its segment size), and the client has a receive buffer of 64
     * KiB. A client that is gone without a word leaves the first of them, which is mostly enough
     * too; where it is not, the sends that block are few (see {@link
     * EndpointContext#blockingSends}).
     */
    static final int FITTING = 64 * 1024;

    /** The header of a frame that a server sends, at the most (RFC 6455, section 5.2). */
    private static final int HEADER = 10;

    private static final SecureRandom RANDOM = new SecureRandom();

    // Guarded by this.
    private long unread;
    private long sincePing;
    private long ping;
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

    /** Returns the payload of the next ping, which is about to be sent; nobody can guess it. */
    synchronized ByteBuffer nextPing() {
        awaited = true;
        sincePing = 0;
        ping = RANDOM.nextLong();
        return payload();
    }

    private ByteBuffer payload() {
        return ByteBuffer.allocate(Long.BYTES).putLong(0, ping);
    }

    /** The ping was not sent, so that another one is due. */
    synchronized void pingFailed() {
        awaited = false;
    }

    /** A client may send pongs that answer nothing (RFC 6455, section 5.5.3). */
    private synchronized void answered(ByteBuffer payload) {
        if (awaited && payload.equals(payload())) {
            awaited = false;
            unread = sincePing;
        }
    }
}
