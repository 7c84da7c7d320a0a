package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.servlet.AsyncContext;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/**
 * WildFly, whose Undertow queues sends, keeps their order, and merges what it has queued into one
 * write, which is where bursts are won. Its queue has no bound, so that a window gives it one.
 */
final class UndertowServer extends Server {

    @Override
    List<String> classPrefixes() {
        return List.of("io.undertow.");
    }

    @Override
    public SessionRemote remote(Session session) {
        return new Remote(session);
    }

    @Override
    public ResponseRemote response(AsyncContext context) throws IOException {
        return new Response(context);
    }

    @Override
    public String toString() {
        return "WildFly (Undertow)";
    }

    private static final class Response extends AsyncResponse {

        private final UndertowConnection connection;
        private final boolean owned;

        Response(AsyncContext context) throws IOException {
            super(context);
            this.connection = UndertowConnection.of(context.getRequest());
            this.owned = Internals.hasConnectionOfItsOwn(context.getRequest());
        }

        @Override
        public boolean isConnected() {
            return owned && connection.isOpen();
        }

        @Override
        public void terminate() {
            if (owned) {
                connection.end();
            }
        }
    }

    private static final class Remote extends AsyncRemote {

        /** So long may a client that was given up still read to the end. */
        private static final long LINGER_MILLIS = 5_000;

        Remote(Session session) {
            super(session);
        }

        @Override
        public int maxInFlight() {
            return 128;
        }

        @Override
        public long maxInFlightBytes() {
            return 64 * 1024;
        }

        /**
         * Has the connection ended, unless the client begins to read soon. The close frame waits
         * behind what is not read, and its connection would stay for ever. Undertow ends it at an
         * asynchronous send that runs into its timeout, which costs a timer per send; so only the
         * last one of a session is given one.
         */
        @Override
        public void giveUp(CloseReason reason) {
            try {
                remote().setSendTimeout(LINGER_MILLIS);
                remote().sendPing(ByteBuffer.allocate(0));
            } catch (IOException | RuntimeException e) {
                Log.detail(ErrorCode.STATE, () -> "A WebSocket session is disconnected already", e);
            }
            close(reason);
        }

        /**
         * Has the server forget a connection that was reset before the server had noted it: it
         * would keep it with its session until the application ends.
         */
        @Override
        public void terminate() {
            if (isOpen()) {
                return;
            }
            try {
                Object channel = Internals.call(session(), "getWebSocketChannel");
                if (Internals.field(channel, "peerConnections") instanceof Collection<?> noted) {
                    noted.remove(channel);
                }
            } catch (ReflectiveOperationException | RuntimeException e) {
                Log.detail(ErrorCode.STATE, () -> "The server may keep a session that is over", e);
            }
        }
    }
}
