package dev.channels.server;

import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends to a session of Tyrus on Grizzly, and closes it.
 *
 * <p>The close of a session gives its request back to the server for the next one, at once and on
 * the thread that closes. Where another thread reads from the connection at that moment, the
 * client's answer to the close for one, it goes on with a request that is somebody else's by then:
 * answers get lost, and requests hang. So the client is asked for a sign of life, and the session
 * closed on the thread that reads its answer; a client that does not answer has its connection
 * ended, after which the server uses the request no more.
 */
final class TyrusRemote extends AsyncRemote {

    private final ServiceCache services;
    private final GrizzlyConnection connection;
    private final HeldResults held = new HeldResults(pulse());

    /** Why the session is to be closed as soon as the client answers; the first reason stays. */
    private final AtomicReference<@Nullable CloseReason> closing = new AtomicReference<>();

    private final AtomicBoolean spared = new AtomicBoolean();

    TyrusRemote(Session session, ServiceCache services) {
        this(session, services, new Pulse());
    }

    TyrusRemote(Session session, ServiceCache services, Pulse pulse) {
        super(session, pulse);
        this.services = services;
        Object note = session.getUserProperties().get(Server.REQUEST_PROPERTY);
        this.connection =
                note instanceof GrizzlyConnection known ? known : GrizzlyConnection.UNKNOWN;
    }

    @Override
    public int maxInFlight() {
        return 64;
    }

    @Override
    public long maxInFlightBytes() {
        return 64 * 1024;
    }

    @Override
    public void sendText(String text, int size, SendHandler result) {
        SendHandler first = counted(size, result);
        services.around(() -> remote().sendText(text, first));
        askIfDue();
    }

    @Override
    public void sendBinary(ByteBuffer data, SendHandler result) {
        SendHandler first = counted(data.remaining(), result);
        services.around(() -> remote().sendBinary(data, first));
        askIfDue();
    }

    private SendHandler counted(int size, SendHandler result) {
        pulse().add(size);
        return sent -> held.ended(sent, result);
    }

    /** Asks, behind what was sent, whether that has been read. */
    private void askIfDue() {
        if (pulse().isPingDue()) {
            try {
                ping();
            } catch (IOException e) {
                held.fail(e);
            }
        }
    }

    @Override
    public void ping() throws IOException {
        ByteBuffer payload = pulse().nextPing();
        if (payload == null) {
            return;
        }
        IOException[] failure = new IOException[1];
        services.around(
                () -> {
                    try {
                        sendPing(payload);
                    } catch (IOException e) {
                        failure[0] = e;
                    }
                });
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    /** Called on the thread that reads from the connection, so that a close is safe here. */
    @Override
    void answered(ByteBuffer payload) {
        super.answered(payload);
        CloseReason reason = closing.get();
        if (reason != null) {
            super.close(reason);
        }
        held.release();
        askIfDue();
    }

    @Override
    public boolean isOpen() {
        return super.isOpen() && !connection.isClosed();
    }

    @Override
    public boolean isConnected() {
        return connection.isOpen();
    }

    @Override
    public void close(CloseReason reason) {
        if (!connection.isOpen()) {
            super.close(reason);
            return;
        }
        closing.compareAndSet(null, reason);
        try {
            // Unless an answer is awaited already, which will do.
            ping();
        } catch (IOException e) {
            // Nobody reads from it any more.
            super.close(reason);
        }
    }

    /** A client that has been asked just now may still answer, and read why; once. */
    @Override
    public void terminate() {
        boolean mayAnswer = closing.get() != null && !pulse().isOverdue();
        if (!mayAnswer || !spared.compareAndSet(false, true)) {
            connection.end();
        }
    }
}
