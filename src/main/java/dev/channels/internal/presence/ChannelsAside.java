package dev.channels.internal.presence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The channels that the broker has refused. Each is left alone for an interval, then for two, four
 * and so on, until it is taken. Not safe for many threads.
 */
final class ChannelsAside {

    /** So many intervals at most pass until a refused channel is told again. */
    private static final int MAX_INTERVALS = 16;

    /**
     * How long a channel is left alone.
     *
     * @param intervals how many in all
     * @param left how many of them are not over
     */
    private record Pause(int intervals, int left) {}

    private final Map<String, Pause> pauses = new HashMap<>();

    /** Returns all of them, as they are and become. */
    Set<String> channels() {
        return Collections.unmodifiableSet(pauses.keySet());
    }

    /** Tells whether the broker is not to be told of a channel now. */
    boolean isLeftAlone(String channel) {
        Pause pause = pauses.get(channel);
        return pause != null && pause.left() > 0;
    }

    /** Leaves a channel alone; for longer, if it is one of them already. */
    void set(String channel) {
        Pause before = pauses.get(channel);
        int intervals = before == null ? 1 : Math.min(2 * before.intervals(), MAX_INTERVALS);
        pauses.put(channel, new Pause(intervals, intervals));
    }

    /** An interval is over; returns the channels whose pause ends with it. */
    List<String> endInterval() {
        List<String> over = new ArrayList<>();
        for (Map.Entry<String, Pause> entry : pauses.entrySet()) {
            Pause pause = entry.getValue();
            if (pause.left() > 1) {
                entry.setValue(new Pause(pause.intervals(), pause.left() - 1));
            } else if (pause.left() == 1) {
                over.add(entry.getKey());
            }
        }
        return over;
    }

    /** The broker may be told of a channel again; the next pause is longer all the same. */
    void endPause(String channel) {
        pauses.computeIfPresent(channel, (name, pause) -> new Pause(pause.intervals(), 0));
    }

    void forget(Collection<String> channels) {
        pauses.keySet().removeAll(channels);
    }

    void clear() {
        pauses.clear();
    }
}
