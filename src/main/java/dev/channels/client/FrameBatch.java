package dev.channels.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.EventSender.Completion;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Joins the messages of one connection into frames. One frame is in flight at a time; what comes
 * meanwhile shares the next one, up to a bound in messages and size.
 *
 * <p>The stream is answered for a message when its frame has been written, so that no more messages
 * gather here than the stream's window allows.
 */
final class FrameBatch implements Completion {

    /** How many messages a frame has at most; more win nothing. */
    static final int MAX_MESSAGES = 64;

    /** How large a frame may be, in characters or bytes, unless one message is larger. */
    static final int MAX_SIZE = 64 * 1024;

    private record Entry(Encoded message, boolean answered) {}

    private final Codec codec;
    private final Frames frames;

    @GuardedBy("this")
    private final Queue<Entry> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private int waitingSize;

    /** Whether what waits may leave. */
    @GuardedBy("this")
    private boolean flushed;

    /** Whether a thread is in {@link #pump}, which then sees what others have changed. */
    @GuardedBy("this")
    private boolean pumping;

    @GuardedBy("this")
    private boolean inFlight;

    /** How many answers the stream waits for with the frame in flight. */
    @GuardedBy("this")
    private int answers;

    @GuardedBy("this")
    private @Nullable Completion stream;

    @GuardedBy("this")
    private @Nullable DisconnectCode ending;

    @GuardedBy("this")
    private boolean over;

    FrameBatch(Codec codec, Frames frames) {
        this.codec = codec;
        this.frames = frames;
    }

    /**
     * Adds a message that no answer is awaited for; drops it where the end has been decided.
     *
     * @param message what is to be sent
     */
    void add(Encoded message) {
        boolean unused = add(new Entry(message, false));
    }

    /**
     * Adds a message; drops it, and answers at once, where the end has been decided.
     *
     * @param message what is to be sent
     * @param done of the stream, the same each time; answered when the message has been written
     */
    void add(Encoded message, Completion done) {
        synchronized (this) {
            stream = done;
        }
        if (!add(new Entry(message, true))) {
            done.sent();
        }
    }

    /**
     * Returns false if nothing is taken any more: what came after that would put off the end of a
     * client whose stream is never empty.
     */
    private synchronized boolean add(Entry entry) {
        if (ending != null || over) {
            return false;
        }
        waiting.add(entry);
        waitingSize += entry.message().size();
        return true;
    }

    /** Tells whether what waits fills a frame. */
    synchronized boolean isFull() {
        return waiting.size() >= MAX_MESSAGES || waitingSize >= MAX_SIZE;
    }

    /** Lets what waits leave. */
    void flush() {
        synchronized (this) {
            flushed = true;
        }
        pump();
    }

    /**
     * Closes the connection once everything that waits has been written; nothing is added to it.
     *
     * @param because for the client, if it is the first reason
     */
    void endAfterAll(DisconnectCode because) {
        synchronized (this) {
            if (ending == null) {
                ending = because;
            }
        }
        flush();
    }

    /** Closes the connection; what waits is lost. */
    void endNow(DisconnectCode because) {
        synchronized (this) {
            waiting.clear();
            over = true;
        }
        frames.end(because);
    }

    /** Writes frames until one is in flight, or nothing is left. */
    private void pump() {
        while (true) {
            Encoded frame;
            synchronized (this) {
                if (pumping || inFlight || over || !flushed) {
                    return;
                }
                frame = takeFrame();
                if (frame == null) {
                    break;
                }
                pumping = true;
                inFlight = true;
            }
            try {
                write(frame);
            } finally {
                synchronized (this) {
                    pumping = false;
                }
            }
        }
        endIfDue();
    }

    private void endIfDue() {
        DisconnectCode due;
        synchronized (this) {
            due = ending;
            // What came since the look at the queue is on its way to the next flush.
            if (due == null || over || inFlight || !waiting.isEmpty()) {
                return;
            }
            over = true;
        }
        frames.end(due);
    }

    @GuardedBy("this")
    private @Nullable Encoded takeFrame() {
        if (waiting.isEmpty()) {
            flushed = ending != null;
            return null;
        }
        List<Encoded> messages = new ArrayList<>(Math.min(waiting.size(), MAX_MESSAGES));
        int size = 0;
        answers = 0;
        while (!waiting.isEmpty() && messages.size() < MAX_MESSAGES) {
            Entry next = waiting.element();
            if (!messages.isEmpty() && size + next.message().size() > MAX_SIZE) {
                break;
            }
            waiting.remove();
            size += next.message().size();
            messages.add(next.message());
            answers += next.answered() ? 1 : 0;
        }
        waitingSize -= size;
        return codec.frame(messages);
    }

    private void write(Encoded frame) {
        try {
            frames.write(frame, this);
        } catch (IOException | RuntimeException | Error e) {
            // An Error too: nobody else would tell the stream.
            failed(e);
        }
    }

    /** The frame in flight has been written. */
    @Override
    public void sent() {
        Completion done;
        int count;
        synchronized (this) {
            inFlight = false;
            done = stream;
            count = answers;
        }
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
        Completion done;
        synchronized (this) {
            inFlight = false;
            over = true;
            waiting.clear();
            done = stream;
        }
        if (done != null) {
            done.failed(cause);
        }
    }
}
