package dev.channels.backend.postgresql.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The channels in whose reading this JVM failed, for example for want of memory, and neither the
 * database nor the network. Each of them is read alone, event by event, until it is read up; an
 * event that fails alone is given up. Used by one thread.
 *
 * <pre>
 *   TOGETHER ── an error ──▶ ALONE ── an error: give the event up ──▶ ALONE
 *       ▲                      │
 *       └───── read up ────────┘
 * </pre>
 */
final class Suspects {

    private final Set<ReadPosition> suspects = new HashSet<>();

    /**
     * Cuts what is to be read into readings.
     *
     * @param channels the channels, in order
     * @return parts of them, suspects alone
     */
    List<List<ReadPosition>> parts(List<ReadPosition> channels) {
        List<List<ReadPosition>> parts = new ArrayList<>();
        List<ReadPosition> together = new ArrayList<>();
        for (ReadPosition channel : channels) {
            if (suspects.contains(channel)) {
                parts.add(List.of(channel));
            } else {
                together.add(channel);
            }
            if (together.size() == ReaderQueries.MAX_CHANNELS) {
                parts.add(List.copyOf(together));
                together.clear();
            }
        }
        if (!together.isEmpty()) {
            parts.add(List.copyOf(together));
        }
        return parts;
    }

    /** Tells whether a reading is one of a suspect. */
    boolean isAlone(List<ReadPosition> part) {
        return part.size() == 1 && suspects.contains(part.get(0));
    }

    /** Says that a reading failed. */
    void failed(List<ReadPosition> part) {
        suspects.addAll(part);
    }

    /** Forgets the channels that nobody follows any more. */
    void keepOnly(Predicate<ReadPosition> followed) {
        suspects.removeIf(followed.negate());
    }

    /** Says that a channel is read up. */
    void isReadUp(ReadPosition channel) {
        suspects.remove(channel);
    }
}
