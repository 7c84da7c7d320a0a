package dev.channels.websocket;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.SendMode;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to one session, never more at once than its {@link SessionEngine} takes, and closes
 * it only when no send is in flight, because some engines fail or block in an overlapping close.
 *
 * <p>Where the engine prefers its basic remote, that is used as long as it does not block, by what
 * the client has shown to have read; should it block all the same, then few threads only.
 *
 * <p>The states, read and written in {@link #state} only, under the lock:
 *
 * <pre>
 *   OPEN ──ended, nothing in flight──────────────────────────────▶ CLOSED
 *    │ └──ended, sends in flight──▶ ENDING ──the last completes──▶   ▲
 *    └──────────── onClose, given up (also from ENDING) ─────────────┘
 * </pre>
 */
final class SessionSender implements EventSender, SendHandler {

    private enum State {
        OPEN,
        ENDING,
        CLOSED
    }

    /** About as long as Open Liberty waits for a client that does not read. */
    private static final long LINGER_MILLIS = 5_000;

    private final Session session;
    private final RemoteEndpoint.Async remote;
    private final SessionEngine engine;
    private final ServiceCache services;
    private final Semaphore blockingSends;

    /** Null where the engine has no use for the basic remote. */
    private final @Nullable UnreadBytes unread;

    private final SendMode mode;
    private final String channel;

    private final Object lock = new Object();
    // Guarded by lock.
    private State state = State.OPEN;
    private int inFlight;
    private long lastProgress;
    private @Nullable Completion completion;
    private @Nullable CloseReason reason;
    private long lastPing = System.nanoTime();

    SessionSender(Session session, SessionEngine engine, String channel, EndpointContext context) {
        this.session = session;
        this.remote = session.getAsyncRemote();
        this.engine = engine;
        this.services = context.services();
        this.blockingSends = context.blockingSends();
        this.unread = engine.prefersBasicRemote() ? UnreadBytes.of(session) : null;
        this.mode = context.settings().mode();
        this.channel = channel;
    }

    // ---- Sending, by the drain

    @Override
    public int maxInFlight() {
        return engine.maxInFlight();
    }

    @Override
    public long maxInFlightBytes() {
        return engine.maxInFlightBytes();
    }

    @Override
    public boolean mayBlock() {
        return unread != null;
    }

    /**
     * Begins to send an event.
     *
     * @throws IOException if the session is closed or about to be, which ends the stream
     */
    @Override
    public void send(Delivery delivery, Completion done) throws IOException {
        if (!(delivery instanceof ChannelEvent event)) {
            done.sent();
            return;
        }
        String text;
        try {
            text = mode == SendMode.TEXT ? event.text() : "";
        } catch (ChannelsException e) {
            done.skipped(e);
            return;
        }
        synchronized (lock) {
            if (state != State.OPEN) {
                throw new IOException(this + " is closed");
            }
            if (inFlight++ == 0) {
                lastProgress = System.nanoTime();
            }
            completion = done;
        }
        SendResult result = null;
        try {
            if (unread != null && !askIfDue(unread)) {
                result = new SendResult(new IOException(this + " is closed"));
            } else if (unread != null && unread.add(event.size()) && blockingSends.tryAcquire()) {
                result = sendBlocking(event, text);
            } else if (engine.looksForServices()) {
                services.around(() -> send(event, text));
            } else {
                send(event, text);
            }
        } catch (RuntimeException | Error e) {
            // The engine refused it, so there will be no result.
            if (completeOne()) {
                closeSession();
            }
            if (e instanceof IllegalStateException && !session.isOpen()) {
                // The client went away, which is no news.
                throw new IOException(this + " is closed", e);
            }
            throw e;
        }
        if (result != null) {
            onResult(result);
        }
    }

    private void send(ChannelEvent event, String text) {
        if (mode == SendMode.TEXT) {
            remote.sendText(text, this);
        } else {
            remote.sendBinary(engine.buffer(event), this);
        }
    }

    /**
     * Asks the client whether it has read, if that is due. A ping is small, so that it blocks only
     * if the buffers are full to the last bytes.
     *
     * @return false if the session was closed meanwhile, so that nothing may be sent beside that
     */
    private boolean askIfDue(UnreadBytes bytes) {
        if (!bytes.isPingDue() || !blockingSends.tryAcquire()) {
            return true;
        }
        try {
            session.getBasicRemote().sendPing(bytes.nextPing());
        } catch (IOException | RuntimeException e) {
            bytes.pingFailed();
            Log.detail(ErrorCode.STATE, () -> this + " could not be pinged", e);
        } finally {
            blockingSends.release();
        }
        synchronized (lock) {
            return state != State.CLOSED;
        }
    }

    private SendResult sendBlocking(ChannelEvent event, String text) {
        try {
            if (mode == SendMode.TEXT) {
                session.getBasicRemote().sendText(text);
            } else {
                session.getBasicRemote().sendBinary(engine.buffer(event));
            }
            return new SendResult();
        } catch (IOException e) {
            return new SendResult(e);
        } finally {
            blockingSends.release();
        }
    }

    @Override
    public void onResult(SendResult result) {
        Completion done;
        boolean last;
        synchronized (lock) {
            done = completion;
            last = completeOne();
        }
        if (done != null) {
            if (result.isOK()) {
                done.sent();
            } else {
                done.failed(result.getException());
            }
        }
        if (last) {
            closeSession();
        }
    }

    /** Counts a send as over; returns whether it was the one that the close waits for. */
    private boolean completeOne() {
        synchronized (lock) {
            inFlight--;
            lastProgress = System.nanoTime();
            boolean last = state == State.ENDING && inFlight == 0;
            if (last) {
                state = State.CLOSED;
            }
            return last;
        }
    }

    /**
     * Pings the client if that is due. Its answer is what keeps a client that only listens
     * connected: WildFly ends a connection of which nothing has come for 90 s ({@code
     * read-timeout}), and so does many a proxy. A client that is gone without a word is found thus.
     *
     * @param now the time of {@link System#nanoTime}
     */
    void pingIfDue(long now, long intervalNanos) {
        synchronized (lock) {
            if (state != State.OPEN || now - lastPing < intervalNanos || !engine.takesPings()) {
                return;
            }
            lastPing = now;
        }
        if (engine.looksForServices()) {
            services.around(this::ping);
        } else {
            ping();
        }
    }

    private void ping() {
        try {
            remote.sendPing(ByteBuffer.allocate(0));
        } catch (IOException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> this + " could not be pinged", e);
        }
    }

    // ---- The end

    @Override
    public void ended(@Nullable Throwable failure) {
        end(reasonFor(failure));
    }

    /** Sends nothing more, and closes the session as soon as no send is in flight. */
    void end(CloseReason because) {
        synchronized (lock) {
            if (state != State.OPEN) {
                return;
            }
            reason = because;
            state = inFlight > 0 ? State.ENDING : State.CLOSED;
            if (state == State.ENDING) {
                return;
            }
        }
        closeSession();
    }

    private static CloseReason reasonFor(@Nullable Throwable failure) {
        ErrorCode code = failure instanceof ChannelsException e ? e.errorCode() : null;
        if (failure == null) {
            return new CloseReason(CloseCodes.GOING_AWAY, "The stream has ended");
        }
        if (code == ErrorCode.NOT_RUNNING) {
            return stopping();
        }
        if (code == ErrorCode.EVENTS_DROPPED) {
            return new CloseReason(CloseCodes.TRY_AGAIN_LATER, "The client reads too slowly");
        }
        return new CloseReason(CloseCodes.UNEXPECTED_CONDITION, "Events cannot be sent");
    }

    static CloseReason stopping() {
        return new CloseReason(CloseCodes.GOING_AWAY, "The application is stopping");
    }

    /** The session was closed, by whomever; ends the stream, as far as one has begun. */
    void closed() {
        fail(this + " was closed");
    }

    /** Sends nothing more, and ends the stream if an event was sent. */
    private void fail(String because) {
        Completion waiting;
        synchronized (lock) {
            waiting = completion;
            completion = null;
            state = State.CLOSED;
        }
        if (waiting != null) {
            waiting.failed(new IOException(because));
        }
    }

    /**
     * Tells whether no send has completed since a moment of {@link System#nanoTime}, one being due.
     * A client that reads ever so slowly is not stuck, however long one of several sends takes.
     */
    boolean isStuckSince(long moment) {
        synchronized (lock) {
            return state != State.CLOSED && inFlight > 0 && lastProgress - moment < 0;
        }
    }

    /**
     * Gives a session up whose client does not read: ends its stream, and closes it although a send
     * is in flight. May block for seconds, which Open Liberty does in such a close.
     */
    void giveUp(CloseReason because) {
        synchronized (lock) {
            if (reason == null) {
                reason = because;
            }
        }
        fail(this + " was given up: " + because.getReasonPhrase());
        if (engine.queuesTheClose()) {
            disconnectLater();
        }
        closeSession();
    }

    /** Has the engine end the connection, unless the client begins to read soon. */
    private void disconnectLater() {
        try {
            remote.setSendTimeout(LINGER_MILLIS);
            remote.sendPing(ByteBuffer.allocate(0));
        } catch (IOException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> this + " is disconnected already", e);
        }
    }

    private void closeSession() {
        CloseReason why;
        synchronized (lock) {
            why = reason;
        }
        try {
            session.close(why);
        } catch (IOException | RuntimeException e) {
            // Nothing is left to do for it: the client is gone, or the server closed it first.
            Log.detail(ErrorCode.STATE, () -> this + " could not be closed", e);
        }
    }

    @Override
    public String toString() {
        return "WebSocket session "
                + session.getId()
                + " of channel '"
                + ChannelNames.printable(channel)
                + "'";
    }
}
