package dev.channels.console;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.Ending;
import dev.channels.endpoint.Handshake;
import dev.channels.endpoint.OpenConnection;
import dev.channels.server.ResponseRemote;
import dev.channels.spi.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one operator, as Server-Sent Events, how the node stands, once in a second, and the
 * tail of a channel. A state is made when the one before has been read: who reads slowly is shown
 * fewer of them.
 *
 * <p>The states, changed under the lock only:
 *
 * <pre>
 *   IDLE ──something waits──▶ WRITING ──written, nothing waits──▶ IDLE
 *     │                          │
 *     └───── gone, given up ─────┴──▶ CLOSED
 * </pre>
 *
 * <p>Safe for use by any thread.
 */
final class ConsoleConnection implements OpenConnection, ResponseRemote.Owner {

    private enum State {
        IDLE,
        WRITING,
        CLOSED
    }

    /** The look at connections comes once in a second at the latest. */
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(900);

    private final String id = UUID.randomUUID().toString();
    private final Doors doors;
    private final Handshake handshake;
    private final ResponseRemote remote;
    private final Supplier<String> source;
    private final @Nullable Tail tail;
    private final Runnable over;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicBoolean preparing = new AtomicBoolean();
    private volatile @Nullable Subscription subscription;
    private volatile long shownAt;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private State state = State.IDLE;

    @GuardedBy("lock")
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    /** Whether a thread is about to write, which then sees what others have changed. */
    @GuardedBy("lock")
    private boolean writing;

    /** Whether what is written has begun to leave, and waits for this client alone. */
    @GuardedBy("lock")
    private boolean begun;

    /** Whether something was on its way when it ended, and so may be still. */
    @GuardedBy("lock")
    private boolean closedInFlight;

    @GuardedBy("lock")
    private long lastProgress = System.nanoTime();

    /**
     * Makes a connection that nothing is written to yet.
     *
     * @param source makes a state
     * @param tail of a channel, or null
     * @param over called once when it is over
     */
    ConsoleConnection(
            Doors doors,
            Handshake handshake,
            ResponseRemote remote,
            Supplier<String> source,
            @Nullable Tail tail,
            Runnable over) {
        this.doors = doors;
        this.handshake = handshake;
        this.remote = remote;
        this.source = source;
        this.tail = tail;
        this.over = over;
    }

    /** Begins; to be called once, by the thread of the request, as the last thing that it does. */
    void begin() {
        // Not named: an operator is no client that others are told of.
        if (!doors.connections().addUnnamed(this, handshake)) {
            return;
        }
        try {
            showState();
            if (tail != null) {
                follow(tail);
            }
            if (isOver.get()) {
                closeTail();
            }
            remote.begin(this);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void follow(Tail followed) {
        followed.showTo(json -> write("tail", json), remote.mayBlock());
        try {
            subscription =
                    doors.plugin()
                            .startSubscription(List.of(followed.channel()), Start.now(), followed);
        } catch (ChannelsException e) {
            followed.ended(e);
        }
    }

    private void showState() {
        write("state", source.get());
        shownAt = System.nanoTime();
    }

    // ---- Writing

    private void write(String event, String json) {
        byte[] block =
                ("event: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            waiting.writeBytes(block);
        }
        pump();
    }

    /** Writes until something is in flight, or nothing is left. */
    private void pump() {
        while (true) {
            byte[] next;
            synchronized (lock) {
                if (writing || state != State.IDLE || waiting.size() == 0) {
                    return;
                }
                next = waiting.toByteArray();
                waiting = new ByteArrayOutputStream();
                state = State.WRITING;
                writing = true;
                begun = false;
                lastProgress = System.nanoTime();
            }
            remote.write(next);
            synchronized (lock) {
                writing = false;
            }
        }
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
        synchronized (lock) {
            if (state == State.WRITING) {
                state = State.IDLE;
            }
            lastProgress = System.nanoTime();
        }
        pump();
    }

    @Override
    public void failed(Throwable cause) {
        if (fail(cause)) {
            remote.close();
        }
    }

    /** Returns whether it had not ended before. */
    private boolean fail(Throwable cause) {
        synchronized (lock) {
            if (state == State.CLOSED) {
                return false;
            }
            closedInFlight = state == State.WRITING;
            state = State.CLOSED;
            waiting = new ByteArrayOutputStream();
        }
        Log.detail(ErrorCode.STATE, () -> this + " is over", cause);
        gone();
        return true;
    }

    // ---- The look from outside

    @Override
    public String id() {
        return id;
    }

    @Override
    public Health look(long now, Executor asking) {
        boolean idle;
        synchronized (lock) {
            if (state == State.WRITING
                    && begun
                    && now - lastProgress > doors.settings().sendTimeout().toNanos()) {
                return Health.STUCK;
            }
            idle = state == State.IDLE;
        }
        if (!remote.isOpen()) {
            return Health.GONE;
        }
        if (idle && now - shownAt >= PERIOD && preparing.compareAndSet(false, true)) {
            asking.execute(this::next);
        }
        return Health.FINE;
    }

    /** What was shown has been read. */
    private void next() {
        try {
            if (tail != null) {
                tail.makeRoom();
            }
            showState();
        } catch (RuntimeException e) {
            // The application stops, or is at fault; a page that is quiet would say nothing.
            failed(e);
        } finally {
            preparing.set(false);
        }
    }

    @Override
    public void giveUp(Ending ending) {
        fail(new IOException(this + " was given up: " + ending.reason()));
    }

    @Override
    public void close() {
        if (isClosedInFlight()) {
            remote.giveUp();
        } else {
            remote.close();
        }
    }

    @Override
    public boolean isConnected() {
        return isClosedInFlight() && remote.isConnected();
    }

    @Override
    public void terminate() {
        // Otherwise it may serve another request already.
        if (isClosedInFlight()) {
            remote.terminate();
        }
    }

    private boolean isClosedInFlight() {
        synchronized (lock) {
            return closedInFlight;
        }
    }

    // ---- The end

    private void gone() {
        doors.connections().remove(this);
        if (isOver.compareAndSet(false, true)) {
            closeTail();
            over.run();
        }
    }

    private void closeTail() {
        Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String toString() {
        return "The console of an operator";
    }
}
