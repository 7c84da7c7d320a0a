package dev.channels.server;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The server below an application, and what is special about it. {@link KnownServers} recognises it
 * once; another server is one more class here.
 *
 * <p>Safe for use by any thread.
 */
public abstract class Server {

    Server() {}

    /** What the names of its classes begin with. */
    abstract List<String> classPrefixes();

    /**
     * Returns the means to send to a session.
     *
     * @param session one that has just been opened
     * @return its remote; to be asked for once a session
     */
    public abstract SessionRemote remote(Session session);

    /**
     * Returns the means to write a response that goes on for long.
     *
     * @param context of a request whose headers have been sent
     * @return its remote; to be asked for once a request
     * @throws IOException if the client is gone
     */
    public ResponseRemote response(AsyncContext context) throws IOException {
        return new AsyncResponse(context);
    }

    /**
     * Notes what a session needs to know of the request that opens it.
     *
     * @param request the container's own, not wrapped, before it is upgraded
     * @return what to put into the session's properties under {@link #REQUEST_PROPERTY}, or this
     *     server itself where it needs nothing
     */
    public Object noteOf(HttpServletRequest request) {
        return this;
    }

    /**
     * Returns the request that the server is given in place of a handshake that was let in.
     *
     * @param request a handshake, before it is upgraded
     * @return the request itself, or one around it
     */
    public HttpServletRequest toUpgrade(HttpServletRequest request) {
        return request;
    }

    /** The name under which {@link #noteOf} stands in the properties of a session. */
    public static final String REQUEST_PROPERTY = "dev.channels.server.request";

    /**
     * Tells whether a client has sent something behind its handshake, before it was answered, where
     * that keeps a thread of the server for ever.
     *
     * @param request a handshake
     * @return true if it must be refused
     */
    public boolean isFollowedByData(HttpServletRequest request) {
        return false;
    }

    /**
     * Tells whether the container looks at a password only where a path is protected, unless it is
     * asked to.
     *
     * @return whether to ask
     */
    public boolean authenticatesLate() {
        return false;
    }

    /**
     * Makes the hand-over to a managed executor cheap where it is not.
     *
     * @param managed that of the server
     * @return the executor itself, or one around it
     */
    public Executor withoutDetours(Executor managed) {
        return managed;
    }

    /**
     * Tells whether a task in the context of an application that starts or stops may end without
     * having run, on a thread of the managed executor, where nobody is told.
     *
     * @return whether to look after such tasks
     */
    public boolean refusesContextsUnseen() {
        return false;
    }

    /**
     * Tells what clients of this server cannot reach, as far as that is known.
     *
     * @param channels the names in the paths of endpoints
     * @param version what the servlet context calls the server
     * @return a sentence for whoever runs the application, or null if there is nothing to say
     */
    public @Nullable String outOfReach(List<String> channels, String version) {
        return null;
    }

    /** Returns its name, for the log. */
    @Override
    public abstract String toString();
}
