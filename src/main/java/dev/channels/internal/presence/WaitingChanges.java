package dev.channels.internal.presence;

import dev.channels.PresenceChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The changes that the broker has not been told yet, in their order. Not safe for many threads. */
final class WaitingChanges {

    private final List<PresenceChange> changes = new ArrayList<>();

    /** How many of them wait in each channel. */
    private final Map<String, Integer> counts = new HashMap<>();

    void add(PresenceChange change) {
        changes.add(change);
        counts.merge(change.channel(), 1, Integer::sum);
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    int size() {
        return changes.size();
    }

    /** Returns the channels in which something waits, as they are and become. */
    Set<String> channels() {
        return Collections.unmodifiableSet(counts.keySet());
    }

    /** Removes and returns the first ones, up to a number of them. */
    List<PresenceChange> take(int max) {
        List<PresenceChange> first = changes.subList(0, Math.min(max, changes.size()));
        List<PresenceChange> taken = List.copyOf(first);
        first.clear();
        for (PresenceChange change : taken) {
            counts.computeIfPresent(
                    change.channel(), (channel, count) -> count == 1 ? null : count - 1);
        }
        return taken;
    }

    /** Removes what waits in some channels. */
    void forget(Set<String> channels) {
        if (counts.keySet().removeAll(channels)) {
            changes.removeIf(change -> channels.contains(change.channel()));
        }
    }

    void clear() {
        changes.clear();
        counts.clear();
    }
}
