package dev.channels.sse;

import dev.channels.server.ResponseRemote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response whose writes end when the test says so. */
final class FakeRemote implements ResponseRemote {

    final List<String> written = new ArrayList<>();
    boolean endsAtOnce;
    int closed;
    boolean isOpen = true;
    private boolean inFlight;
    private @Nullable Owner owner;

    @Override
    public void begin(Owner first) {
        owner = first;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void write(byte[] bytes) {
        if (inFlight) {
            throw new IllegalStateException("A write is in flight");
        }
        written.add(new String(bytes, StandardCharsets.UTF_8));
        inFlight = true;
        if (endsAtOnce) {
            endWrite();
        }
    }

    /** The write in flight has left. */
    void endWrite() {
        if (!inFlight) {
            throw new IllegalStateException("No write is in flight");
        }
        inFlight = false;
        owner().written();
    }

    void fail(Throwable cause) {
        owner().failed(cause);
    }

    private Owner owner() {
        if (owner == null) {
            throw new IllegalStateException("It has not begun");
        }
        return owner;
    }

    String all() {
        return String.join("", written);
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public void close() {
        closed++;
    }

    @Override
    public void giveUp() {
        closed++;
    }

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public void terminate() {}
}
