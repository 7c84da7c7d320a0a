package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The connection below a response on WildFly, which Undertow ends at once when it is asked to. The
 * end of a response waits until its client has read what is queued. On a version that has these
 * methods no more, that is left to the write timeout of the server.
 */
final class UndertowConnection {

    private final @Nullable Object connection;

    private UndertowConnection(@Nullable Object connection) {
        this.connection = connection;
    }

    /** Returns the connection of a request, as far as it is known. */
    static UndertowConnection of(ServletRequest request) {
        ServletRequest inner = Internals.unwrapped(request);
        try {
            Object exchange = Internals.call(inner, "getExchange");
            return new UndertowConnection(Internals.call(exchange, "getConnection"));
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(
                    ErrorCode.STATE,
                    () -> "No connection is known of a " + inner.getClass().getName(),
                    e);
            return new UndertowConnection(null);
        }
    }

    /** Tells whether it is known to be there. */
    boolean isOpen() {
        if (connection == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Internals.call(connection, "isOpen"));
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "It cannot be told whether a connection is open", e);
            return false;
        }
    }

    /** Ends it at once, whatever is still to be written. */
    void end() {
        if (connection == null) {
            return;
        }
        try {
            Internals.call(connection, "close");
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "A connection could not be ended", e);
        }
    }
}
