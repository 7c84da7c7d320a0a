package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.websocket.CloseReason;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends as Jakarta WebSocket has it: asynchronously, one at a time. */
class AsyncRemote implements SessionRemote {

    private final Session session;
    private final RemoteEndpoint.Async remote;
    private final Pulse pulse;

    AsyncRemote(Session session) {
        this(session, new Pulse());
    }

    AsyncRemote(Session session, Pulse pulse) {
        this.session = session;
        this.pulse = pulse;
        this.remote = session.getAsyncRemote();
        MessageHandler.Whole<PongMessage> pongs = pong -> answered(pong.getApplicationData());
        session.addMessageHandler(PongMessage.class, pongs);
    }

    final Session session() {
        return session;
    }

    final RemoteEndpoint.Async remote() {
        return remote;
    }

    final Pulse pulse() {
        return pulse;
    }

    /** A pong has come. */
    void answered(ByteBuffer payload) {
        pulse.answered(payload);
    }

    @Override
    public int maxInFlight() {
        return 1;
    }

    @Override
    public long maxInFlightBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void sendText(String text, int size, SendHandler result) {
        remote.sendText(text, result);
    }

    @Override
    public void sendBinary(ByteBuffer data, SendHandler result) {
        remote.sendBinary(data, result);
    }

    @Override
    public void ping() throws IOException {
        ByteBuffer payload = pulse.nextPing();
        if (payload != null) {
            sendPing(payload);
        }
    }

    final void sendPing(ByteBuffer payload) throws IOException {
        try {
            remote.sendPing(payload);
        } catch (RuntimeException e) {
            // What engines throw where there is no connection any more.
            pulse.pingFailed();
            throw new IOException("The client could not be pinged", e);
        } catch (IOException e) {
            pulse.pingFailed();
            throw e;
        }
    }

    @Override
    public boolean isUnanswered() {
        return pulse.isUnanswered();
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public void close(CloseReason reason) {
        try {
            session.close(reason);
        } catch (IOException | RuntimeException e) {
            // Nothing is left to do for it: the client is gone, or the server closed it first.
            Log.detail(
                    ErrorCode.STATE,
                    () -> "WebSocket session " + session.getId() + " could not be closed",
                    e);
        }
    }

    @Override
    public void giveUp(CloseReason reason) {
        close(reason);
    }

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public void terminate() {}
}
