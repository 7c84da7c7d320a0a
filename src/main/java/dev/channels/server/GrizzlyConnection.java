package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The connection below a session on Payara and GlassFish, which Grizzly can end at once, and tell
 * whether it is open. Nothing that Jakarta EE specifies leads from a session to it. So it is taken
 * from the request of the handshake, by public methods of classes that this library cannot link to;
 * on a version that has them no more, connections stay as they would without this.
 */
final class GrizzlyConnection {

    /** One that nobody can reach, and the server looks after. */
    static final GrizzlyConnection UNKNOWN = new GrizzlyConnection(null);

    private final @Nullable Object connection;

    private GrizzlyConnection(@Nullable Object connection) {
        this.connection = connection;
    }

    /** Returns the connection of a request, as far as it is known. */
    static GrizzlyConnection of(ServletRequest request) {
        Object inner = Internals.unwrapped(request);
        try {
            Object catalina = Internals.call(inner, "getUnwrappedCoyoteRequest");
            Object context = Internals.call(grizzlyRequest(catalina), "getContext");
            return new GrizzlyConnection(Internals.call(context, "getConnection"));
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(
                    ErrorCode.STATE,
                    () -> "No connection is known of a " + inner.getClass().getName(),
                    e);
            return UNKNOWN;
        }
    }

    /** GlassFish 8 has another name for it than Payara and GlassFish 7. */
    private static Object grizzlyRequest(Object catalina) throws ReflectiveOperationException {
        try {
            return Internals.call(catalina, "getCoyoteRequest");
        } catch (NoSuchMethodException e) {
            return Internals.call(catalina, "getGrizzlyRequest");
        }
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
            return Internals.call(connection, "isOpen");
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
            Internals.call(connection, "terminateSilently");
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "A connection could not be ended", e);
        }
    }

    /**
     * Has the connection say when so many bytes wait to be written to it, which it does not do by
     * itself; it takes more all the same.
     */
    void boundQueue(int bytes) {
        if (connection == null) {
            return;
        }
        try {
            Internals.call(connection, "setMaxAsyncWriteQueueSize", bytes);
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "The queue of a connection has no bound", e);
        }
    }
}
