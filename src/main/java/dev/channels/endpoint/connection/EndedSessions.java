package dev.channels.endpoint.connection;

import dev.channels.endpoint.request.Handshake;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sessions of HTTP that have ended last: a handshake that came with one of them may be let in
 * already and not be open yet. Not thread-safe.
 */
final class EndedSessions {

    /** More do not end in the moments between a handshake and the connection. */
    private static final int KEPT = 1_000;

    private final Map<String, Boolean> ids =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > KEPT;
                }
            };

    void add(String id) {
        ids.put(id, true);
    }

    /** Forgets an id that a server has given to another session. */
    void remove(String id) {
        ids.remove(id);
    }

    /** Tells whether a caller was known by a session that has ended. */
    boolean knew(Handshake handshake) {
        String id = handshake.httpSession();
        return id != null && !handshake.caller().isAnonymous() && ids.containsKey(id);
    }
}
