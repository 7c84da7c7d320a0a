package dev.channels.endpoint;

import dev.channels.server.Server;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is found of a handshake before it is upgraded, and kept with its session: inside an endpoint
 * the servers know nothing of it any more, or of another one.
 *
 * @param note see {@link Server#noteOf}
 */
public record Handshake(Object note) {

    private static final String PROPERTY = Handshake.class.getName();

    private static final ThreadLocal<@Nullable Handshake> CURRENT = new ThreadLocal<>();

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
     * @param properties those that the session will have
     */
    public static void passTo(Map<String, Object> properties) {
        Handshake current = CURRENT.get();
        if (current != null) {
            properties.put(PROPERTY, current);
            properties.put(Server.REQUEST_PROPERTY, current.note);
        }
    }
}
