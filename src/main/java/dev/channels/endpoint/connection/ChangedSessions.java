package dev.channels.endpoint.connection;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of HTTP that have lately ended, or got another id: a handshake that came with one of
 * them may be let in already and not be open yet. A logout does both, one after the other. Not
 * thread-safe.
 */
final class ChangedSessions {

    /** More do not change in the moments between a handshake and the connection. */
    private static final int KEPT = 1_000;

    /** In place of another id. */
    private static final String ENDED = "";

    private final Map<String, String> changes =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                    return size() > KEPT;
                }
            };

    void ended(String id) {
        changes.put(id, ENDED);
    }

    void renamed(String before, String now) {
        changes.put(before, now);
        // No id leads back to itself, whatever a server does.
        began(now);
    }

    /** Forgets an id that a server has given to another session. */
    void began(String id) {
        changes.remove(id);
    }

    /** Returns the id that a session has now; null if it has ended. */
    @Nullable String idNow(String id) {
        String now = id;
        for (String next = id; next != null; next = changes.get(now)) {
            if (next.equals(ENDED)) {
                return null;
            }
            now = next;
        }
        return now;
    }
}
