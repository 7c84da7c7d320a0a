package dev.channels.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes on the thread that calls, which may block while the client does not read; few threads do
 * so at once.
 */
final class BlockingResponse implements ResponseRemote {

    private final AsyncContext context;
    private final ServletOutputStream stream;
    private final BlockingWrites writes;

    @GuardedBy("this")
    private @Nullable Owner owner;

    @GuardedBy("this")
    private byte @Nullable [] first;

    private volatile boolean closed;

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
        context.addListener(new AsyncFailures(this::fail));
        byte[] bytes;
        synchronized (this) {
            owner = told;
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

    @Override
    public void write(byte[] bytes) {
        Owner told;
        synchronized (this) {
            told = owner;
            if (told == null) {
                first = bytes;
                return;
            }
        }
        writes.run(() -> writeNow(bytes, told));
    }

    private void writeNow(byte[] bytes, Owner told) {
        if (closed) {
            return;
        }
        try {
            stream.write(bytes);
            stream.flush();
        } catch (IOException | RuntimeException e) {
            fail(e);
            return;
        }
        told.written();
    }

    private void fail(Throwable cause) {
        closed = true;
        Owner told;
        synchronized (this) {
            told = owner;
        }
        if (told != null) {
            told.failed(cause);
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
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
