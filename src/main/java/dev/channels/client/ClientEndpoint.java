package dev.channels.client;

import dev.channels.ErrorCode;
import dev.channels.client.stream.EventForms;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.request.Handshake;
import dev.channels.spi.Log;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One session of the client endpoint. Public because Tyrus calls it by reflection; made by its
 * configurator only.
 */
public final class ClientEndpoint extends Endpoint {

    /** How old clients ask for Protobuf. */
    private static final Pattern PROTOBUF_IN_QUERY =
            Pattern.compile("(^|.*&)(format|cf_protocol)=protobuf(&.*|$)");

    private final ClientContext context;

    private volatile @Nullable ClientConnection connection;

    ClientEndpoint(ClientContext context) {
        this.context = context;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        if (session.getMaxIdleTimeout() > 0) {
            // Only then, because Tyrus schedules a task with each call. Liveness is ours.
            session.setMaxIdleTimeout(0);
        }
        Handshake handshake = Handshake.of(session, ClientPath.DOOR);
        if (handshake == null) {
            Handshake.refuse(session);
            return;
        }
        Doors doors = context.doors();
        ClientConnection opened =
                new ClientConnection(
                        context,
                        speaksProtobuf(session) ? EventForms.protobuf(true) : EventForms.json(true),
                        doors.server().remote(session),
                        handshake.caller(),
                        "WebSocket session " + session.getId() + " of the client endpoint");
        connection = opened;
        if (!doors.connections().addUnnamed(opened, handshake)) {
            return;
        }
        opened.begin();
        Input.attach(
                session, context.settings().maxMessageSize(), opened::received, opened::tooBig);
        if (!session.isOpen()) {
            // The server may not tell of the end, and keep what it is not asked to close.
            doors.connections().giveUp(opened, Ending.GONE);
            opened.closed();
        }
    }

    private static boolean speaksProtobuf(Session session) {
        String subprotocol = session.getNegotiatedSubprotocol();
        if (subprotocol != null && !subprotocol.isEmpty()) {
            return subprotocol.equals(ClientEndpoints.PROTOBUF);
        }
        String query = session.getQueryString();
        return query != null && PROTOBUF_IN_QUERY.matcher(query).matches();
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        ClientConnection current = connection;
        if (current != null) {
            current.closed();
        }
    }

    /**
     * Mostly a client that went away without a word, or broke the protocol. A server closes the
     * session then, but not each one always.
     */
    @Override
    public void onError(Session session, Throwable failure) {
        Log.detail(
                ErrorCode.STATE, () -> "WebSocket session " + session.getId() + " failed", failure);
        ClientConnection current = connection;
        if (current != null) {
            context.doors().connections().giveUp(current, Ending.GONE);
        }
    }
}
