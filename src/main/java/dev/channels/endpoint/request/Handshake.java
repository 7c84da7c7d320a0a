package dev.channels.endpoint.request;

import dev.channels.Caller;
import dev.channels.ErrorCode;
import dev.channels.server.Server;
import dev.channels.spi.Log;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is found of a handshake before it is upgraded, and kept with its session: inside an endpoint
 * the servers know nothing of it any more, or of another one. A session without one has come past
 * the filter, and is to be closed.
 *
 * @param door which door it came to
 * @param channel the channel of its path, valid and declared, or null where the client names
 *     channels later
 * @param caller who has come, as the container knows it
 * @param httpSession the id of the session of HTTP that it came with, or null
 * @param note see {@link Server#noteOf}
 * @param expiry when the connection ends that it opens, because its caller or the permit for its
 *     channel does; null for never
 * @param address from where it came, as far as one can know; empty if it is not known
 */
public record Handshake(
        String door,
        @Nullable String channel,
        Caller caller,
        @Nullable String httpSession,
        Object note,
        @Nullable Instant expiry,
        String address) {

    private static final String PROPERTY = Handshake.class.getName();

    private static final ThreadLocal<@Nullable Handshake> CURRENT = new ThreadLocal<>();

    /**
     * Makes one of a connection that nothing ends by time.
     *
     * @param door which door it came to
     * @param channel the channel of its path, or null
     * @param caller who has come
     * @param httpSession the id of the session of HTTP that it came with, or null
     * @param note see {@link Server#noteOf}
     */
    public Handshake(
            String door,
            @Nullable String channel,
            Caller caller,
            @Nullable String httpSession,
            Object note) {
        this(door, channel, caller, httpSession, note, null, "");
    }

    /** Makes that of a request, with the session of HTTP and the server's note that it has. */
    public static Handshake of(
            HttpServletRequest request,
            Server server,
            String door,
            @Nullable String channel,
            Caller caller,
            @Nullable Instant expiry,
            String address) {
        HttpSession session = request.getSession(false);
        return new Handshake(
                door,
                channel,
                caller,
                session == null ? null : session.getId(),
                server.noteOf(request),
                expiry,
                address);
    }

    /** Notes that the current thread handles this one until it {@link #leave leaves}. */
    public void enter() {
        CURRENT.set(this);
    }

    /** Forgets what the current thread handles. */
    public static void leave() {
        CURRENT.remove();
    }

    /**
     * Hands the handshake of the current thread on to the session that it opens.
     *
     * @param properties those that the session will have; not shared with another session
     */
    public static void passTo(Map<String, Object> properties) {
        Handshake current = CURRENT.get();
        if (current != null) {
            current.putInto(properties);
        }
    }

    /** Puts it where a session keeps it. */
    void putInto(Map<String, Object> properties) {
        properties.put(PROPERTY, this);
        properties.put(Server.REQUEST_PROPERTY, note);
    }

    /**
     * Returns the handshake that opened a session at a door.
     *
     * @param session just opened
     * @param door the door's name
     * @return the handshake, or null if nobody let this session in at this door
     */
    public static @Nullable Handshake of(Session session, String door) {
        return session.getUserProperties().get(PROPERTY) instanceof Handshake handshake
                        && handshake.door.equals(door)
                ? handshake
                : null;
    }

    /**
     * Closes a session that nobody has let in at its door, or to another channel.
     *
     * @param session just opened
     */
    public static void refuse(Session session) {
        try {
            session.close(
                    new CloseReason(
                            CloseReason.CloseCodes.VIOLATED_POLICY, "There is no such channel"));
        } catch (IOException | RuntimeException e) {
            Log.detail(
                    ErrorCode.STATE,
                    () -> "WebSocket session " + session.getId() + " could not be refused",
                    e);
        }
    }

    /** Shows nothing that is secret. */
    @Override
    public String toString() {
        return "Handshake at the door " + door;
    }
}
