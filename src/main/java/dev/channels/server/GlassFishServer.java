package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Payara and GlassFish, with Tyrus on Grizzly. These things are special:
 *
 * <ul>
 *   <li>Tyrus queues sends and keeps their order, so that there is a window.
 *   <li>A send has ended for it when Grizzly's queue, which has no bound, has taken it. So the
 *       result of a send waits until its client has shown to have read what was sent before.
 *   <li>Payara's Tyrus schedules a task on a managed executor with every send, whatever the idle
 *       timeout, and its managed executors look for {@code ThreadContextProvider}s with every task,
 *       down to the file system, through the context class loader of the thread that submits.
 *   <li>The close of a session ends its connection only once the client has read what is queued,
 *       and a client that leaves at once is never told of. So the connection is asked itself.
 *   <li>The close of a session beside a thread that reads from it breaks requests of others: see
 *       {@link TyrusRemote}.
 * </ul>
 */
final class GlassFishServer extends Server {

    /** Its Tyrus casts a handshake to the class of the container's own requests. */
    private static final Pattern TAKES_OWN_REQUESTS_ONLY = Pattern.compile("GlassFish\\D* 7\\.");

    private static final Pattern WITHOUT_COLONS = Pattern.compile("(Payara|GlassFish)\\D* 7\\.");

    private final AtomicBoolean toldOfConnections = new AtomicBoolean();
    private final ServiceCache services = new ServiceCache(GlassFishServer.class.getClassLoader());

    @Override
    List<String> classPrefixes() {
        return List.of(
                "org.glassfish.tyrus.",
                "org.glassfish.enterprise.concurrent.",
                "org.glassfish.concurro.");
    }

    @Override
    public SessionRemote remote(Session session) {
        return new TyrusRemote(session, services);
    }

    @Override
    public ResponseRemote response(AsyncContext context) throws IOException {
        return new Response(context, connectionOf(context.getRequest()));
    }

    @Override
    public Object noteOf(HttpServletRequest request) {
        return connectionOf(request);
    }

    @Override
    public HttpServletRequest toUpgrade(HttpServletRequest request) {
        String server = request.getServletContext().getServerInfo();
        return TAKES_OWN_REQUESTS_ONLY.matcher(server).find()
                ? request
                : new TyrusHandshake(request);
    }

    private GrizzlyConnection connectionOf(ServletRequest request) {
        GrizzlyConnection connection = GrizzlyConnection.of(request);
        if (connection == GrizzlyConnection.UNKNOWN
                && toldOfConnections.compareAndSet(false, true)) {
            Log.warn(
                    ErrorCode.STATE,
                    "This version of the server does not show its connections, so that those of"
                            + " clients that do not read stay until the server ends them. Put a proxy"
                            + " in front that does not let clients wait.",
                    null);
        }
        return connection;
    }

    /**
     * Tyrus waits, on the thread that upgrades, for that same thread to read what has come already:
     * five such requests take all the threads of the default HTTP listener.
     */
    @Override
    public boolean isFollowedByData(HttpServletRequest request) {
        try {
            return request.getInputStream().available() > 0;
        } catch (IOException | RuntimeException e) {
            Log.detail(ErrorCode.STATE, () -> "What follows a handshake cannot be seen", e);
            return false;
        }
    }

    @Override
    public boolean authenticatesLate() {
        return true;
    }

    @Override
    public Executor withoutDetours(Executor managed) {
        return task -> services.around(() -> managed.execute(task));
    }

    @Override
    public boolean refusesContextsUnseen() {
        return true;
    }

    /**
     * What guards the paths of GlassFish 7 and Payara 7 takes a colon for the end of a pattern, and
     * fails before any filter is asked.
     */
    @Override
    public @Nullable String outOfReach(List<String> channels, String version) {
        List<String> withColons = channels.stream().filter(name -> name.indexOf(':') >= 0).toList();
        if (withColons.isEmpty() || !WITHOUT_COLONS.matcher(version).find()) {
            return null;
        }
        return "Clients cannot reach the endpoints of channels "
                + ChannelNames.printable(withColons)
                + ", since "
                + version.strip()
                + " answers 503 where a path has a colon. Rename them, or have clients use the"
                + " client endpoint or Server-Sent Events, which name channels elsewhere.";
    }

    @Override
    public String toString() {
        return "Payara or GlassFish (Tyrus)";
    }

    /** A stream of it is always ready otherwise, and what is not read piles up without a bound. */
    private static final class Response extends AsyncResponse {

        private static final int QUEUE = 64 * 1024;

        private final GrizzlyConnection connection;
        private final boolean owned;

        Response(AsyncContext context, GrizzlyConnection connection) throws IOException {
            super(context);
            this.connection = connection;
            this.owned = Internals.hasConnectionOfItsOwn(context.getRequest());
            connection.boundQueue(QUEUE);
        }

        @Override
        public boolean isOpen() {
            return super.isOpen() && !connection.isClosed();
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
}
