package dev.channels.client.stream;

import dev.channels.EventSender.Completion;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.endpoint.write.BatchQueue;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Joins the messages of one connection into frames; see {@link BatchQueue} for when they leave.
 *
 * <p>The stream is answered for a message when its frame has been written, so that no more messages
 * gather here than the stream's window allows.
 */
public final class FrameBatch implements Completion {

    /** How many messages a frame has at most; more win nothing. */
    public static final int MAX_MESSAGES = 64;

    /** How large a frame may be, in characters or bytes, unless one message is larger. */
    public static final int MAX_SIZE = 64 * 1024;

    private final Codec codec;
    private final Frames frames;
    private final BatchQueue<Encoded> queue = new BatchQueue<>(MAX_MESSAGES, MAX_SIZE);
    private final AtomicReference<DisconnectCode> ending = new AtomicReference<>();
    private volatile @Nullable Completion stream;

    public FrameBatch(Codec codec, Frames frames) {
        this.codec = codec;
        this.frames = frames;
    }

    /**
     * Adds a message that no answer is awaited for; drops it where the end has been decided.
     *
     * @param message what is to be sent
     */
    void add(Encoded message) {
        boolean unused = queue.add(message, message.size(), false);
    }

    /**
     * Adds a message. Where the end has been decided, drops it, and answers at once: what came
     * after that would put off the end of a client whose stream is never empty.
     *
     * @param message what is to be sent
     * @param done of the stream, the same each time; answered when the message has been written
     */
    void add(Encoded message, Completion done) {
        stream = done;
        if (!queue.add(message, message.size(), true)) {
            done.sent();
        }
    }

    /** Tells whether what waits fills a frame. */
    boolean isFull() {
        return queue.isFull();
    }

    /** Lets what waits leave. */
    void flush() {
        queue.flush();
        pump();
    }

    /**
     * Closes the connection once everything that waits has been written; nothing is added to it.
     *
     * @param because for the client, if it is the first reason
     */
    public void endAfterAll(DisconnectCode because) {
        ending.compareAndSet(null, because);
        boolean unused = queue.end();
        pump();
    }

    /** Closes the connection; what waits is lost. */
    public void endNow(DisconnectCode because) {
        boolean unused = queue.fail();
        frames.end(because);
    }

    private void pump() {
        for (var step = queue.next(); step != null; step = queue.next()) {
            if (step instanceof BatchQueue.Step.Write<Encoded> batch) {
                write(batch.items());
            } else {
                frames.end(Objects.requireNonNull(ending.get(), "decided before the queue ends"));
            }
        }
    }

    private void write(List<Encoded> messages) {
        try {
            frames.write(codec.frame(messages), this);
        } catch (IOException | RuntimeException | Error e) {
            // An Error too: nobody else would tell the stream.
            failed(e);
        } finally {
            queue.begun();
        }
    }

    /** The frame in flight has been written. */
    @Override
    public void sent() {
        int count = queue.written();
        Completion done = stream;
        if (done != null) {
            done.sent(count);
        }
        pump();
    }

    @Override
    public void skipped(Throwable cause) {
        failed(cause);
    }

    /** The connection is gone. */
    @Override
    public void failed(Throwable cause) {
        boolean unused = queue.fail();
        Completion done = stream;
        if (done != null) {
            done.failed(cause);
        }
    }
}
