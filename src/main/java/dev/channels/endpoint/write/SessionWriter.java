package dev.channels.endpoint.write;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.EventSender.Completion;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection;
import dev.channels.server.SessionRemote;
import dev.channels.spi.Log;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames to one WebSocket session for one stream, never more at once than its {@link
 * SessionRemote} takes, and closes it only when no send is in flight, because some engines fail or
 * block in an overlapping close. What is to be done {@link WriterState} decides, under a lock; it
 * is done here, without one.
 *
 * <p>Frames are written by one thread at a time; all else may be called by any thread.
 */
public final class SessionWriter implements OpenConnection, SendHandler {

    private final String id = UUID.randomUUID().toString();
    private final SessionRemote remote;
    private final String name;
    private final Runnable gone;

    private volatile IntSupplier backlog = SessionWriter::nothing;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final WriterState state;

    @GuardedBy("lock")
    private final Pings pings;

    /**
     * Makes a writer.
     *
     * @param remote of the session
     * @param name what the log calls the connection; without control characters
     * @param sendTimeout how long sends may be in flight without one of them ending
     * @param pingInterval how often the client is pinged; zero for never
     * @param gone called when the client is found to be gone, possibly more than once; ends the
     *     subscriptions
     */
    public SessionWriter(
            SessionRemote remote,
            String name,
            Duration sendTimeout,
            Duration pingInterval,
            Runnable gone) {
        this.remote = remote;
        this.name = name;
        this.gone = gone;
        this.state = new WriterState(sendTimeout.toNanos(), System::nanoTime);
        this.pings = new Pings(pingInterval.toNanos(), System.nanoTime());
    }

    // ---- Writing

    /**
     * Returns what the stream of this session is to know of it.
     *
     * @return the remote, for its windows and whether it may block
     */
    public SessionRemote remote() {
        return remote;
    }

    /**
     * Begins to write a text message.
     *
     * @param text the message
     * @param size how many bytes it has, about
     * @param done called once when it is written, or failed, unless the session is given up before;
     *     the same for every message of the session
     * @throws IOException if the session is closed or about to be
     */
    public void sendText(String text, int size, Completion done) throws IOException {
        send(new Frame(text, null, size), done);
    }

    /**
     * Begins to write a binary message.
     *
     * @param data the message; may be read-only
     * @param done as above
     * @throws IOException if the session is closed or about to be
     */
    public void sendBinary(ByteBuffer data, Completion done) throws IOException {
        send(new Frame(null, data, data.remaining()), done);
    }

    private void send(Frame frame, Completion done) throws IOException {
        WriterState.Step step;
        synchronized (lock) {
            step = state.begin(frame, done);
        }
        switch (step) {
            case SEND -> sendNow(frame);
            case WAIT -> {
                // The end of a ping sends it.
            }
            case REFUSE -> throw new IOException(this + " is closed");
        }
    }

    private void sendNow(Frame frame) throws IOException {
        try {
            transmit(frame);
        } catch (RuntimeException | Error e) {
            // The engine refused it, so there will be no result.
            if (completeOne()) {
                closeSession();
            }
            if (e instanceof RuntimeException && !remote.isOpen()) {
                // The client went away, which is no news.
                throw new IOException(this + " is closed", e);
            }
            throw e;
        }
    }

    private void transmit(Frame frame) {
        if (frame.text() != null) {
            remote.sendText(frame.text(), frame.size(), this);
        } else if (frame.data() != null) {
            remote.sendBinary(frame.data(), this);
        }
    }

    /** Called by the remote, once for each frame. */
    @Override
    public void onResult(SendResult result) {
        Completion done;
        boolean last;
        synchronized (lock) {
            done = state.completion();
            last = state.completeOne();
        }
        if (done != null) {
            if (result.isOK()) {
                done.sent();
            } else {
                done.failed(failureOf(result));
            }
        }
        if (last) {
            closeSession();
        }
    }

    /** An engine fails in ways of its own for a client that is gone, which is no news. */
    private Throwable failureOf(SendResult result) {
        Throwable failure = result.getException();
        if (failure instanceof IOException || remote.isOpen()) {
            return failure;
        }
        return new IOException(this + " is closed", failure);
    }

    /** Counts a send as over; returns whether it was the one that the close waits for. */
    private boolean completeOne() {
        synchronized (lock) {
            return state.completeOne();
        }
    }

    // ---- The look from outside

    @Override
    public String id() {
        return id;
    }

    @Override
    public int backlog() {
        return backlog.getAsInt();
    }

    private static int nothing() {
        return 0;
    }

    /**
     * Says where the events wait that are written here.
     *
     * @param waiting counts them, by any thread
     */
    public void countBacklogBy(IntSupplier waiting) {
        backlog = waiting;
    }

    /**
     * Looks after the session. A client that reads ever so slowly is not stuck, however long one of
     * several sends takes. Its answers to pings are what keeps a client that only listens
     * connected: WildFly ends a connection of which nothing has come for 90 s ({@code
     * read-timeout}), and so does many a proxy.
     */
    @Override
    public Health look(long now, Executor asking) {
        boolean pingDue;
        synchronized (lock) {
            Health found = state.look(now);
            if (found != null) {
                return found;
            }
            pingDue = state.hasRoomForPing(isSerial()) && pings.take(now);
        }
        if (!remote.isOpen() || (pingDue && owesTooMany())) {
            return Health.GONE;
        }
        if (pingDue) {
            if (isSerial()) {
                asking.execute(this::pingAlone);
            } else if (!ping()) {
                return Health.GONE;
            }
        }
        return Health.FINE;
    }

    private boolean isSerial() {
        return remote.maxInFlight() == 1;
    }

    private boolean owesTooMany() {
        boolean owes = remote.isUnanswered();
        synchronized (lock) {
            return pings.owesTooMany(owes);
        }
    }

    /** Returns false if the connection is gone. */
    private boolean ping() {
        try {
            remote.ping();
            return true;
        } catch (IOException e) {
            Log.detail(ErrorCode.STATE, () -> this + " could not be pinged", e);
            return false;
        }
    }

    /** Pings with nothing else in flight; what is to be sent meanwhile waits. */
    private void pingAlone() {
        synchronized (lock) {
            if (!state.beginPing()) {
                return;
            }
        }
        boolean there = ping();
        Frame next;
        boolean last;
        synchronized (lock) {
            next = state.endPing();
            last = state.completeOne();
        }
        if (next != null) {
            transmitLate(next);
        } else if (last) {
            closeSession();
        }
        if (!there) {
            giveUp(Ending.GONE);
            close();
        }
    }

    private void transmitLate(Frame frame) {
        try {
            transmit(frame);
        } catch (RuntimeException | Error e) {
            onResult(new SendResult(e));
        }
    }

    // ---- The end

    /**
     * Writes nothing more, and closes the session as soon as no send is in flight.
     *
     * @param because for the client, if it is the first reason
     */
    public void end(Ending because) {
        end(because, Runnable::run);
    }

    /**
     * Ends as above, for a thread that must not block: a server may take seconds to close a session
     * whose client is gone.
     *
     * @param because for the client, if it is the first reason
     * @param closing closes the session, once at the most
     */
    public void end(Ending because, Executor closing) {
        boolean now;
        synchronized (lock) {
            now = state.end(because);
        }
        if (now) {
            closing.execute(this::closeSession);
        }
    }

    /**
     * Returns why this side closes the session, or has closed it.
     *
     * @return the first reason; null as long as there is none
     */
    public @Nullable Ending ending() {
        synchronized (lock) {
            return state.ending();
        }
    }

    /** Notes that the session is closed, by whomever; ends the stream, as far as one has begun. */
    public void closed() {
        fail(this + " was closed");
    }

    /** Writes nothing more, and ends the stream if something was written. */
    private void fail(String because) {
        Completion last;
        synchronized (lock) {
            last = state.close();
        }
        if (last != null) {
            last.failed(new IOException(because));
        }
    }

    @Override
    public void giveUp(Ending because) {
        synchronized (lock) {
            state.giveReason(because);
        }
        fail(this + " was given up: " + because.reason());
        gone.run();
    }

    /** Closes a session whose client does not read, although a send may be in flight. */
    @Override
    public void close() {
        remote.giveUp(reason());
    }

    private void closeSession() {
        remote.close(reason());
    }

    private CloseReason reason() {
        Ending known = ending();
        Ending why = known == null ? Ending.STOPPING : known;
        return new CloseReason(CloseReason.CloseCodes.getCloseCode(why.code()), why.reason());
    }

    @Override
    public boolean isConnected() {
        return remote.isConnected();
    }

    @Override
    public void terminate() {
        remote.terminate();
    }

    /** Returns its name, for messages. */
    @Override
    public String toString() {
        return name;
    }
}
