package dev.channels.client.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Until when what a client was allowed holds: the connection, under the empty name, and each of its
 * channels. Used by one task at a time; times are of {@link System#nanoTime}.
 */
final class Expiries {

    /** The name of the connection itself. */
    static final String CONNECTION = "";

    /** How long a client may take to prove anew what it has proved before. */
    private static final long GRACE_NANOS = 25_000_000_000L;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Map<String, Long> deadlines = new HashMap<>();

    /** Whether there is one, for those who only ask whether to look. */
    private volatile boolean any;

    /**
     * Sets until when something holds.
     *
     * @param seconds from now on; 0 for ever
     */
    void set(String name, int seconds, long now) {
        if (seconds > 0) {
            deadlines.put(name, now + seconds * SECOND_NANOS + GRACE_NANOS);
        } else {
            deadlines.remove(name);
        }
        any = !deadlines.isEmpty();
    }

    boolean has(String name) {
        return deadlines.containsKey(name);
    }

    void remove(String name) {
        deadlines.remove(name);
        any = !deadlines.isEmpty();
    }

    /** Tells whether anything expires at all; by any thread. */
    boolean any() {
        return any;
    }

    /** Returns what holds no more. */
    List<String> over(long now) {
        List<String> over = new ArrayList<>();
        deadlines.forEach(
                (name, deadline) -> {
                    if (now - deadline >= 0) {
                        over.add(name);
                    }
                });
        return over;
    }
}
