package dev.channels.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pings of one session, and what their answers prove: that the client lives, and that it has
 * read what was sent before, for frames are read in the order in which they were sent (RFC 6455,
 * section 5.5.2). So the bytes are known that it has not shown to have read: as long as they are
 * few, they fit the buffers on the way, and a blocking send does not block, whether the client
 * reads or not. One ping is under way at a time.
 *
 * <p>Safe for use by any thread.
 */
final class Pulse {

    /**
     * Less than the two sides hold with the defaults of Linux: a new connection has a send buffer
     * of 46,080 or 87,040 bytes (by its segment size), and the client has a receive buffer of 64
     * KiB. A client that is gone without a word leaves the first of them, which is mostly enough
     * too; where it is not, the sends that block are few (see {@link LibertyServer}).
     */
    static final int FITTING = 64 * 1024;

    /** The header of a frame that a server sends, at the most (RFC 6455, section 5.2). */
    private static final int HEADER = 10;

    /** How long an answer may take of a client that reads. */
    private static final long OVERDUE = TimeUnit.SECONDS.toNanos(1);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final LongSupplier clock;

    @GuardedBy("this")
    private long unread;

    @GuardedBy("this")
    private long sincePing;

    @GuardedBy("this")
    private long ping;

    @GuardedBy("this")
    private boolean awaited;

    @GuardedBy("this")
    private long pingedAt;

    Pulse() {
        this(System::nanoTime);
    }

    /** Makes one that reads the time in nanoseconds from a clock. */
    Pulse(LongSupplier clock) {
        this.clock = clock;
    }

    /** Counts an event that is about to be sent. */
    synchronized void add(int size) {
        unread += size + HEADER;
        sincePing += size + HEADER;
    }

    /** Tells whether what may be in the buffers fits them. */
    synchronized boolean fits() {
        return unread <= FITTING;
    }

    /** Tells whether the client should be asked: soon enough to have its answer in time. */
    synchronized boolean isPingDue() {
        return !awaited && unread > FITTING / 2;
    }

    /**
     * Returns the payload of the next ping, which is about to be sent; nobody can guess it. Null
     * while the answer to one is awaited.
     */
    synchronized @Nullable ByteBuffer nextPing() {
        if (awaited) {
            return null;
        }
        awaited = true;
        pingedAt = clock.getAsLong();
        sincePing = 0;
        ping = RANDOM.nextLong();
        return payload();
    }

    @GuardedBy("this")
    private ByteBuffer payload() {
        return ByteBuffer.allocate(Long.BYTES).putLong(0, ping);
    }

    /** The ping was not sent, so that another one is due. */
    synchronized void pingFailed() {
        awaited = false;
    }

    /** A client may send pongs that answer nothing (RFC 6455, section 5.5.3). */
    synchronized void answered(ByteBuffer payload) {
        if (awaited && payload.equals(payload())) {
            awaited = false;
            unread = sincePing;
        }
    }

    /** Tells whether a ping has not been answered for longer than a client takes that reads. */
    synchronized boolean isOverdue() {
        return awaited && clock.getAsLong() - pingedAt > OVERDUE;
    }

    /** Tells whether a ping has not been answered. */
    synchronized boolean isUnanswered() {
        return awaited;
    }
}
