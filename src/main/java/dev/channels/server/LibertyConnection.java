package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

/**
 * The connection below a session on Open Liberty, which can end while its descriptor stays. The
 * server closes a session and then waits for the client's close frame; where the close meets a
 * frame that has come in part, or one that broke the protocol, it reads no more, and so never
 * learns that the client is gone. On a version that has these methods no more, that is left to the
 * server.
 */
final class LibertyConnection {

    /** The session is closed, and the connection waits for the client. */
    private static final String CLOSING = "LOCAL_CLOSING";

    private final @Nullable Object link;

    private LibertyConnection(@Nullable Object link) {
        this.link = link;
    }

    /** Returns the connection of a session, as far as it is known. */
    static LibertyConnection of(Session session) {
        try {
            Object inner = Internals.call(session, "getSessionImpl");
            return new LibertyConnection(Internals.field(inner, "connLink"));
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(
                    ErrorCode.STATE,
                    () -> "No connection is known of a " + session.getClass().getName(),
                    e);
            return new LibertyConnection(null);
        }
    }

    /** Tells whether it is known to be there although its session is closed. */
    boolean isLeft() {
        if (link == null) {
            return false;
        }
        try {
            return Internals.call(link, "getLinkStatus").toString().equals(CLOSING);
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "It cannot be told whether a connection is left", e);
            return false;
        }
    }

    /** Ends it, if it is left: the close frame has been written by then, or could not be. */
    void end() {
        if (link == null || !isLeft()) {
            return;
        }
        try {
            // Without another close of the session, nor a wait for the client's close frame.
            link.getClass()
                    .getMethod("closeUsingSession", CloseReason.class, boolean.class, boolean.class)
                    .invoke(link, null, false, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "A connection could not be ended", e);
        }
    }
}
