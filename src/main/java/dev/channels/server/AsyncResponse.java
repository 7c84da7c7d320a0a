package dev.channels.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes as Jakarta Servlet has it, without blocking: only when the stream says that it is ready,
 * and else as soon as the container tells that it has become so. A write has ended when the stream
 * is ready once more, so that nothing gathers in the server. Nothing overlaps a call of the stream,
 * the end of the response least of all: it is left to the thread that is in such a call.
 *
 * <p>The states, changed under the lock only; the stream is called by whoever has made it BUSY:
 *
 * <pre>
 *            write                     the stream is not ready
 *   IDLE ─────────────▶ BUSY ─────────────────────────────────────▶ WAITING
 *    ▲                  │  ▲                                           │
 *    └── has all left ──┘  └──────── onWritePossible ──────────────────┘
 *
 *   IDLE, WAITING ── closed ──▶ OVER
 *   IDLE, WAITING ── failed ──▶ FAILED ── closed ──▶ OVER
 *   BUSY ── failed or closed by another ──▶ ENDING ── the stream is left ──▶ OVER
 *   BUSY ── the stream fails ──▶ FAILED
 * </pre>
 *
 * It begins WAITING: a container calls onWritePossible first thing.
 */
class AsyncResponse implements ResponseRemote, WriteListener {

    private enum State {
        IDLE,
        BUSY,
        WAITING,
        FAILED,
        ENDING,
        OVER
    }

    /** What is to be done with the stream next. */
    private enum Step {
        WRITE,
        FLUSH,
        TELL
    }

    private final AsyncContext context;
    private final ServletOutputStream stream;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private State state = State.WAITING;

    /** Whether the container has called since a thread has made the stream busy. */
    @GuardedBy("lock")
    private boolean possible;

    @GuardedBy("lock")
    private byte @Nullable [] bytes;

    private volatile @Nullable Owner owner;

    /** Only used by whoever has made the stream busy. */
    private Step step = Step.WRITE;

    /**
     * Makes a response that nothing is written to yet.
     *
     * @param context of the request
     * @throws IOException if the client is gone
     */
    AsyncResponse(AsyncContext context) throws IOException {
        this.context = context;
        this.stream = context.getResponse().getOutputStream();
    }

    final AsyncContext context() {
        return context;
    }

    @Override
    public void begin(Owner first) {
        owner = first;
        context.addListener(new AsyncFailures(this::fail));
        first.begins();
        stream.setWriteListener(this);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    // ---- Writing

    @Override
    public void write(byte[] next) {
        synchronized (lock) {
            if (hasEnded()) {
                return;
            }
            bytes = next;
        }
        Owner told = owner;
        if (told != null) {
            told.begins();
        }
        synchronized (lock) {
            if (state != State.IDLE) {
                return;
            }
            state = State.BUSY;
            possible = false;
        }
        work();
    }

    @Override
    public void onWritePossible() {
        synchronized (lock) {
            possible = true;
            if (state != State.WAITING) {
                return;
            }
            state = State.BUSY;
            possible = false;
        }
        work();
    }

    /** Goes on until all has left, the stream is not ready, or this is the end. */
    private void work() {
        try {
            while (isBusy()) {
                boolean goesOn = stream.isReady() ? take() : !becomesWaiting();
                if (!goesOn) {
                    return;
                }
            }
        } catch (Throwable e) {
            // An Error too: the response would stay busy for ever otherwise.
            if (moveTo(State.BUSY, State.FAILED)) {
                fail(e);
                return;
            }
        }
        if (moveTo(State.ENDING, State.OVER)) {
            ResponseEnd.complete(context);
        }
    }

    private boolean isBusy() {
        synchronized (lock) {
            return state == State.BUSY;
        }
    }

    private boolean moveTo(State from, State to) {
        synchronized (lock) {
            if (state != from) {
                return false;
            }
            state = to;
            return true;
        }
    }

    /** Returns false if the container has called meanwhile, so that nobody would wake us. */
    private boolean becomesWaiting() {
        synchronized (lock) {
            if (possible || state != State.BUSY) {
                possible = false;
                return false;
            }
            state = State.WAITING;
            return true;
        }
    }

    /**
     * Does one thing with a stream that is ready.
     *
     * @return false if the stream is left to whoever writes next
     */
    private boolean take() throws IOException {
        switch (step) {
            case WRITE -> {
                if (becomesIdle()) {
                    return false;
                }
                byte[] taken = taken();
                if (taken != null) {
                    step = Step.FLUSH;
                    stream.write(taken);
                }
            }
            case FLUSH -> {
                step = Step.TELL;
                stream.flush();
            }
            case TELL -> {
                step = Step.WRITE;
                tell();
            }
        }
        return true;
    }

    /** Returns false if there is something to write, or this is the end. */
    private boolean becomesIdle() {
        synchronized (lock) {
            if (bytes != null || state != State.BUSY) {
                return false;
            }
            state = State.IDLE;
            return true;
        }
    }

    private byte @Nullable [] taken() {
        synchronized (lock) {
            byte[] taken = bytes;
            bytes = null;
            return taken;
        }
    }

    /** The owner may write within this, which then waits for the next turn of the loop. */
    private void tell() {
        Owner told = owner;
        if (told != null) {
            told.written();
        }
    }

    final void fail(Throwable cause) {
        synchronized (lock) {
            bytes = null;
            if (state == State.BUSY) {
                state = State.ENDING;
            } else if (!hasEnded()) {
                state = State.FAILED;
            }
        }
        Owner told = owner;
        if (told != null) {
            told.failed(cause);
        }
    }

    @GuardedBy("lock")
    private boolean hasEnded() {
        return state == State.FAILED || state == State.ENDING || state == State.OVER;
    }

    // ---- What the container tells

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    // ---- The end

    @Override
    public boolean isOpen() {
        synchronized (lock) {
            return !hasEnded();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            bytes = null;
            if (state == State.BUSY) {
                state = State.ENDING;
            }
            if (state == State.ENDING || state == State.OVER) {
                return;
            }
            state = State.OVER;
        }
        ResponseEnd.complete(context);
    }

    @Override
    public void giveUp() {
        close();
    }

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public void terminate() {}
}
