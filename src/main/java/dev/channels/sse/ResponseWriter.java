package dev.channels.sse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.EventSender.Completion;
import dev.channels.server.ResponseRemote;
import dev.channels.spi.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one response. One write is in flight at a time; what comes meanwhile shares the next one,
 * up to a bound. The stream is answered for an item when it has left, so that no more gathers here
 * than the stream's window allows.
 *
 * <p>The states, changed under the lock only:
 *
 * <pre>
 *   OPEN ──ended, nothing is left──────────────────────────▶ CLOSED
 *    │ └──ended, something is left──▶ ENDING ──it has left──▶   ▲
 *    └──────────── failed, given up (also from ENDING) ─────────┘
 * </pre>
 *
 * <p>Safe for use by any thread.
 */
final class ResponseWriter implements ResponseRemote.Owner {

    private enum State {
        OPEN,
        ENDING,
        CLOSED
    }

    /** How much leaves in one write, unless one event is larger. */
    static final int MAX_SIZE = 64 * 1024;

    /**
     * One item.
     *
     * @param parts of it, in their order
     * @param answered whether the stream waits for it
     */
    private record Item(List<byte[]> parts, boolean answered) {

        int size() {
            return parts.stream().mapToInt(part -> part.length).sum();
        }
    }

    private final ResponseRemote remote;
    private final Runnable over;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private State state = State.OPEN;

    @GuardedBy("lock")
    private final List<Item> waiting = new ArrayList<>();

    /** Whether what waits may leave. */
    @GuardedBy("lock")
    private boolean flushed;

    @GuardedBy("lock")
    private boolean inFlight;

    /** Whether what is in flight has begun to leave, and waits for this client alone. */
    @GuardedBy("lock")
    private boolean begun;

    /** Whether a thread is about to write, which then sees what others have changed. */
    @GuardedBy("lock")
    private boolean writing;

    /** How many answers the stream waits for with the write in flight. */
    @GuardedBy("lock")
    private int answers;

    @GuardedBy("lock")
    private @Nullable Completion stream;

    @GuardedBy("lock")
    private long lastProgress = System.nanoTime();

    /**
     * Makes a writer.
     *
     * @param remote of the response
     * @param over called once, when nothing can be written any more
     */
    ResponseWriter(ResponseRemote remote, Runnable over) {
        this.remote = remote;
        this.over = over;
    }

    // ---- Writing

    /** Adds an item that no answer is awaited for. */
    void add(byte[]... parts) {
        synchronized (lock) {
            if (state == State.OPEN) {
                waiting.add(new Item(List.of(parts), false));
            }
        }
    }

    /**
     * Adds an item.
     *
     * @param done of the stream, the same each time; answered when the item has left
     * @throws IOException if the response has ended or is about to
     */
    void add(Completion done, byte[]... parts) throws IOException {
        synchronized (lock) {
            if (state != State.OPEN) {
                throw new IOException("The response has ended");
            }
            stream = done;
            waiting.add(new Item(List.of(parts), true));
        }
    }

    /** Lets what waits leave. */
    void flush() {
        synchronized (lock) {
            flushed = true;
        }
        pump();
    }

    /** Writes until something is in flight, or nothing is left. */
    private void pump() {
        while (true) {
            byte[] next;
            synchronized (lock) {
                if (writing || inFlight || state == State.CLOSED || !flushed) {
                    return;
                }
                if (waiting.isEmpty()) {
                    flushed = false;
                    if (state == State.OPEN) {
                        return;
                    }
                    state = State.CLOSED;
                    next = null;
                } else {
                    next = take();
                    writing = true;
                    inFlight = true;
                    begun = false;
                    lastProgress = System.nanoTime();
                }
            }
            if (next == null) {
                remote.close();
                over.run();
                return;
            }
            remote.write(next);
            synchronized (lock) {
                writing = false;
            }
        }
    }

    @GuardedBy("lock")
    private byte[] take() {
        ByteArrayOutputStream taken = new ByteArrayOutputStream(256);
        int count = 0;
        answers = 0;
        for (Item item : waiting) {
            if (count > 0 && taken.size() + item.size() > MAX_SIZE) {
                break;
            }
            item.parts().forEach(taken::writeBytes);
            answers += item.answered() ? 1 : 0;
            count++;
        }
        waiting.subList(0, count).clear();
        return taken.toByteArray();
    }

    @Override
    public void begins() {
        synchronized (lock) {
            begun = true;
            lastProgress = System.nanoTime();
        }
    }

    @Override
    public void written() {
        Completion done;
        int count;
        synchronized (lock) {
            inFlight = false;
            lastProgress = System.nanoTime();
            done = stream;
            count = state == State.CLOSED ? 0 : answers;
            answers = 0;
        }
        if (done != null) {
            done.sent(count);
        }
        pump();
    }

    // ---- The look from outside

    /** Returns since when, by the clock of {@link System#nanoTime}, nothing has left. */
    long quietSince() {
        synchronized (lock) {
            return lastProgress;
        }
    }

    /**
     * Tells whether something is on its way for longer than a time. What waits until other clients
     * have read says nothing about this one.
     */
    boolean isStuckFor(long nanos, long now) {
        synchronized (lock) {
            return state != State.CLOSED && inFlight && begun && now - lastProgress > nanos;
        }
    }

    /** Tells whether something was on its way when it failed, and so may be still. */
    boolean hasFailedInFlight() {
        synchronized (lock) {
            return state == State.CLOSED && inFlight;
        }
    }

    /** Tells whether nothing is on its way. */
    boolean isIdle() {
        synchronized (lock) {
            return state == State.OPEN && !inFlight && waiting.isEmpty();
        }
    }

    // ---- The end

    /** Writes what waits, and then ends the response. */
    void end() {
        synchronized (lock) {
            if (state != State.OPEN) {
                return;
            }
            state = State.ENDING;
            flushed = true;
        }
        pump();
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
     * @return whether it had not ended before
     */
    boolean fail(Throwable cause) {
        Completion done;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return false;
            }
            state = State.CLOSED;
            waiting.clear();
            done = stream;
        }
        Log.detail(ErrorCode.STATE, () -> "A response has failed", cause);
        if (done != null) {
            // A client that is gone is no news, in whichever way the server tells of it.
            done.failed(cause instanceof IOException ? cause : new IOException(cause));
        }
        over.run();
        return true;
    }
}
