package dev.channels.websocket;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.websocket.Session;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection below a session on Payara. There, the close of a session ends its connection only
 * once the client has read what is queued: never, if the client does not read. Grizzly can end it
 * at once, but nothing that Jakarta EE specifies leads from a session to it. So it is taken from
 * the request of the handshake, by public methods of classes that this library cannot link to; on a
 * version that has them no more, connections stay as they would without this.
 */
public final class GrizzlyConnection implements Connection {

    private static final String PROPERTY = GrizzlyConnection.class.getName();

    private static final ThreadLocal<@Nullable GrizzlyConnection> UPGRADING = new ThreadLocal<>();

    private final Object connection;

    private GrizzlyConnection(Object connection) {
        this.connection = connection;
    }

    /**
     * Notes the connection of a request that may be a handshake, which this thread handles next.
     *
     * @param request the container's own, not wrapped
     */
    public static void enter(Object request) {
        try {
            Object catalina = call(request, "getUnwrappedCoyoteRequest");
            Object context = call(call(catalina, "getCoyoteRequest"), "getContext");
            UPGRADING.set(new GrizzlyConnection(call(context, "getConnection")));
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(
                    ErrorCode.STATE,
                    () -> "No connection is known of a " + request.getClass().getName(),
                    e);
        }
    }

    /** Forgets the connection, when the request has been handled. */
    public static void leave() {
        UPGRADING.remove();
    }

    /** Notes the connection in the properties of the session that the handshake opens. */
    static void passTo(Map<String, Object> properties) {
        GrizzlyConnection upgrading = UPGRADING.get();
        if (upgrading != null) {
            properties.put(PROPERTY, upgrading);
        }
    }

    /** Returns the connection of a session, as far as it is known. */
    static Connection of(Session session) {
        Object known = session.getUserProperties().get(PROPERTY);
        return known instanceof GrizzlyConnection open ? open : UNKNOWN;
    }

    @Override
    public boolean isOpen() {
        try {
            return (Boolean) call(connection, "isOpen");
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "It cannot be told whether a connection is open", e);
            return false;
        }
    }

    @Override
    public void end() {
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
