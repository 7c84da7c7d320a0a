package dev.channels.endpoint.write;

import dev.channels.ErrorCode;
import dev.channels.EventSender.Completion;
import dev.channels.server.ResponseRemote;
import dev.channels.spi.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one response; see {@link BatchQueue} for what leaves with one write, and for its states.
 * The stream is answered for an item when it has left, so that no more gathers here than the
 * stream's window allows.
 *
 * <p>Safe for use by any thread.
 */
public final class ResponseWriter implements ResponseRemote.Owner {

    /** How much leaves in one write, unless one event is larger. */
    public static final int MAX_SIZE = 64 * 1024;

    private final ResponseRemote remote;
    private final Runnable over;
    private final BatchQueue<byte[][]> queue = new BatchQueue<>(Integer.MAX_VALUE, MAX_SIZE);
    private volatile @Nullable Completion stream;

    /**
     * Whether what is in flight has begun to leave, and waits for this client alone. Written after
     * the time of the progress that it goes with, and read before it.
     */
    private volatile boolean begun;

    private volatile long lastProgress = System.nanoTime();

    /**
     * Makes a writer.
     *
     * @param remote of the response
     * @param over called once, when nothing can be written any more
     */
    public ResponseWriter(ResponseRemote remote, Runnable over) {
        this.remote = remote;
        this.over = over;
    }

    // ---- Writing

    /**
     * Adds an item that no answer is awaited for; drops it if the response has ended.
     *
     * @param parts of it, in their order
     */
    public void add(byte[]... parts) {
        boolean unused = queue.add(parts, size(parts), false);
    }

    /**
     * Adds an item.
     *
     * @param done of the stream, the same each time; answered when the item has left
     * @param parts of it, in their order
     * @throws IOException if the response has ended or is about to
     */
    public void add(Completion done, byte[]... parts) throws IOException {
        stream = done;
        if (!queue.add(parts, size(parts), true)) {
            throw new IOException("The response has ended");
        }
    }

    private static int size(byte[]... parts) {
        return Arrays.stream(parts).mapToInt(part -> part.length).sum();
    }

    /** Lets what waits leave. */
    public void flush() {
        queue.flush();
        pump();
    }

    private void pump() {
        for (var step = queue.next(); step != null; step = queue.next()) {
            if (step instanceof BatchQueue.Step.Write<byte[][]> batch) {
                write(batch.items());
            } else {
                remote.close();
                over.run();
            }
        }
    }

    private void write(List<byte[][]> items) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(256);
        for (byte[][] parts : items) {
            for (byte[] part : parts) {
                joined.writeBytes(part);
            }
        }
        try {
            remote.write(joined.toByteArray());
        } finally {
            queue.begun();
        }
    }

    @Override
    public void begins() {
        lastProgress = System.nanoTime();
        // A response begins with nothing in flight.
        begun = queue.isInFlight();
    }

    @Override
    public void written() {
        begun = false;
        lastProgress = System.nanoTime();
        int count = queue.written();
        Completion done = stream;
        if (done != null) {
            done.sent(count);
        }
        pump();
    }

    // ---- The look from outside

    /**
     * Tells since when nothing has left.
     *
     * @return by the clock of {@link System#nanoTime}
     */
    public long quietSince() {
        return lastProgress;
    }

    /**
     * Tells whether something is on its way for longer than a time. What waits until other clients
     * have read says nothing about this one.
     *
     * @param nanos the time
     * @param now by the clock of {@link System#nanoTime}
     * @return false also when it has ended
     */
    public boolean isStuckFor(long nanos, long now) {
        return begun && now - lastProgress > nanos && !queue.isOver();
    }

    /**
     * Tells whether something was on its way when it failed, and so may be still.
     *
     * @return true until that has left
     */
    public boolean hasFailedInFlight() {
        return queue.isOver() && queue.isInFlight();
    }

    /**
     * Tells whether nothing is on its way.
     *
     * @return false also when it has ended
     */
    public boolean isIdle() {
        return queue.isIdle();
    }

    /**
     * Tells whether nothing is written any more.
     *
     * @return true once everything has been written, or it failed
     */
    public boolean isOver() {
        return queue.isOver();
    }

    // ---- The end

    /** Writes what waits, and then ends the response. */
    public void end() {
        if (queue.end()) {
            pump();
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (fail(cause)) {
            remote.close();
        }
    }

    /**
     * Writes nothing more; the response itself is left as it is.
     *
     * @param cause why
     * @return whether it had not ended before
     */
    public boolean fail(Throwable cause) {
        if (!queue.fail()) {
            return false;
        }
        Completion done = stream;
        Log.detail(ErrorCode.STATE, () -> "A response has failed", cause);
        if (done != null) {
            // A client that is gone is no news, in whichever way the server tells of it.
            done.failed(cause instanceof IOException ? cause : new IOException(cause));
        }
        over.run();
        return true;
    }
}
