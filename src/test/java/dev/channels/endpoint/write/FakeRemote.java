package dev.channels.endpoint.write;

import dev.channels.server.ResponseRemote;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A response whose writes end when the test says so. */
public final class FakeRemote implements ResponseRemote {

    public final List<String> written = new CopyOnWriteArrayList<>();
    public volatile boolean endsAtOnce;
    public volatile boolean waitsForOthers;
    public volatile int closed;
    public volatile boolean isOpen = true;
    private volatile boolean inFlight;
    private volatile @Nullable Owner owner;

    @Override
    public void begin(Owner first) {
        owner = first;
        if (!waitsForOthers) {
            beginWrite();
        }
        if (endsAtOnce && inFlight) {
            endWrite();
        }
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
        if (!waitsForOthers && owner != null) {
            beginWrite();
        }
        if (endsAtOnce && owner != null) {
            endWrite();
        }
    }

    public void beginWrite() {
        owner().begins();
    }

    /** The write in flight has left. */
    public void endWrite() {
        if (!inFlight) {
            throw new IllegalStateException("No write is in flight");
        }
        inFlight = false;
        owner().written();
    }

    public void fail(Throwable cause) {
        owner().failed(cause);
    }

    public Owner owner() {
        return Objects.requireNonNull(owner, "It has not begun");
    }

    public String all() {
        return String.join("", written);
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public synchronized void close() {
        closed = closed + 1;
    }

    /** As the others do: what is closed stays so. */
    @Override
    public synchronized void giveUp() {
        if (closed == 0) {
            close();
        }
    }

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public void terminate() {}
}
