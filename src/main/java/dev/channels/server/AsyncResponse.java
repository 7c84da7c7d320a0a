package dev.channels.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes as Jakarta Servlet has it, without blocking: only when the stream says that it is ready,
 * and else as soon as the container tells that it has become so. A write has ended when the stream
 * is ready once more, so that nothing gathers in the server.
 *
 * <p>The states, changed under the lock only; the stream is called by whoever has made it BUSY:
 *
 * <pre>
 *            write                     the stream is not ready
 *   IDLE ─────────────▶ BUSY ─────────────────────────────────────▶ WAITING
 *    ▲                  │  ▲                                           │
 *    └── has all left ──┘  └──────── onWritePossible ──────────────────┘
 *   every state ── failed, closed ──▶ CLOSED
 * </pre>
 *
 * It begins WAITING: a container calls onWritePossible first thing.
 */
class AsyncResponse implements ResponseRemote, WriteListener {

    private enum State {
        IDLE,
        BUSY,
        WAITING,
        CLOSED
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
            if (state != State.CLOSED) {
                bytes = next;
                if (state != State.IDLE) {
                    return;
                }
                state = State.BUSY;
                possible = false;
            }
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

    /** Goes on until all has left, or the stream is not ready. */
    private void work() {
        try {
            while (isBusy()) {
                if (!stream.isReady()) {
                    if (becomesWaiting()) {
                        return;
                    }
                    continue;
                }
                take();
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private boolean isBusy() {
        synchronized (lock) {
            return state == State.BUSY;
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

    /** Does one thing with a stream that is ready. */
    private void take() throws IOException {
        switch (step) {
            case WRITE -> {
                byte[] taken = takeOrBecomeIdle();
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
    }

    private byte @Nullable [] takeOrBecomeIdle() {
        synchronized (lock) {
            byte[] taken = bytes;
            bytes = null;
            if (taken == null && state == State.BUSY) {
                state = State.IDLE;
            }
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
            state = State.CLOSED;
            bytes = null;
        }
        Owner told = owner;
        if (told != null) {
            told.failed(cause);
        }
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
            return state != State.CLOSED;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            state = State.CLOSED;
            bytes = null;
        }
        complete();
    }

    private void complete() {
        try {
            context.complete();
        } catch (RuntimeException e) {
            // Nothing is left to do for it: the client is gone, or the server ended it first.
            Log.detail(ErrorCode.STATE, () -> "A response could not be ended", e);
        }
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
