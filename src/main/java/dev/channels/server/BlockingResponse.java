package dev.channels.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes on the thread that calls, which may block while the client does not read; few threads do
 * so at once. Nothing overlaps a write, the end of the response least of all, which would block
 * too: it is left to the thread that writes, which the server lets go after its own time.
 *
 * <p>The states, changed under the lock only:
 *
 * <pre>
 *   STARTING ──begin──▶ IDLE ◀──────▶ WRITING
 *                        │              │
 *                        │ closed       │ closed: ENDING, until the write is over
 *                        └────▶ OVER ◀──┘
 * </pre>
 */
final class BlockingResponse implements ResponseRemote {

    private enum State {
        STARTING,
        IDLE,
        WRITING,
        ENDING,
        OVER
    }

    private final AsyncContext context;
    private final ServletOutputStream stream;
    private final BlockingWrites writes;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private State state = State.STARTING;

    @GuardedBy("lock")
    private byte @Nullable [] first;

    private volatile @Nullable Owner owner;

    /**
     * Makes a response that nothing is written to yet.
     *
     * @param context of the request
     * @param writes bounds the threads
     * @throws IOException if the client is gone
     */
    BlockingResponse(AsyncContext context, BlockingWrites writes) throws IOException {
        this.context = context;
        this.stream = context.getResponse().getOutputStream();
        this.writes = writes;
    }

    @Override
    public void begin(Owner told) {
        owner = told;
        context.addListener(new AsyncFailures(this::fail));
        byte[] bytes;
        synchronized (lock) {
            if (state == State.STARTING) {
                state = State.IDLE;
            }
            bytes = first;
            first = null;
        }
        if (bytes != null) {
            write(bytes);
        }
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    // ---- Writing

    @Override
    public void write(byte[] bytes) {
        synchronized (lock) {
            if (state == State.STARTING) {
                first = bytes;
                return;
            }
        }
        writes.run(() -> writeNow(bytes));
    }

    private void writeNow(byte[] bytes) {
        if (!moveTo(State.IDLE, State.WRITING)) {
            return;
        }
        Owner told = owner;
        Throwable failure = null;
        try {
            if (told != null) {
                told.begins();
            }
            stream.write(bytes);
            stream.flush();
        } catch (Throwable e) {
            // An Error too: the response would never end otherwise.
            failure = e;
        }
        if (moveTo(State.ENDING, State.OVER)) {
            ResponseEnd.complete(context);
            return;
        }
        moveTo(State.WRITING, State.IDLE);
        if (failure != null) {
            fail(failure);
            return;
        }
        if (told != null) {
            told.written();
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

    private void fail(Throwable cause) {
        Owner told = owner;
        if (told != null) {
            told.failed(cause);
        }
    }

    // ---- The end

    @Override
    public boolean isOpen() {
        synchronized (lock) {
            return state != State.ENDING && state != State.OVER;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (state == State.WRITING) {
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
