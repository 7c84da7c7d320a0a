package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The connection below a session on Payara, which Grizzly can end at once, and tell whether it is
 * open. Nothing that Jakarta EE specifies leads from a session to it. So it is taken from the
 * request of the handshake, by public methods of classes that this library cannot link to; on a
 * version that has them no more, connections stay as they would without this.
 */
final class GrizzlyConnection {

    /** One that nobody can reach, and the server looks after. */
    static final GrizzlyConnection UNKNOWN = new GrizzlyConnection(null);

    private final @Nullable Object connection;

    private GrizzlyConnection(@Nullable Object connection) {
        this.connection = connection;
    }

    /** Returns the connection of a request, as far as it is known. */
    static GrizzlyConnection of(HttpServletRequest request) {
        Object inner = unwrapped(request);
        try {
            Object catalina = call(inner, "getUnwrappedCoyoteRequest");
            Object context = call(call(catalina, "getCoyoteRequest"), "getContext");
            return new GrizzlyConnection(call(context, "getConnection"));
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(
                    ErrorCode.STATE,
                    () -> "No connection is known of a " + inner.getClass().getName(),
                    e);
            return UNKNOWN;
        }
    }

    private static ServletRequest unwrapped(ServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner;
    }

    /** Tells whether it is known to be there. */
    boolean isOpen() {
        return Boolean.TRUE.equals(state());
    }

    /** Tells whether it is known to be gone. */
    boolean isClosed() {
        return Boolean.FALSE.equals(state());
    }

    private @Nullable Object state() {
        if (connection == null) {
            return null;
        }
        try {
            return call(connection, "isOpen");
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "It cannot be told whether a connection is open", e);
            return null;
        }
    }

    /** Ends it at once, whatever is still to be written. */
    void end() {
        if (connection == null) {
            return;
        }
        try {
            call(connection, "terminateSilently");
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "A connection could not be ended", e);
        }
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }
}
