package dev.channels.cdi.event;

import dev.channels.Joined;
import dev.channels.Position;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Which channels of a family one observer follows, and what is to be done next. Not thread-safe.
 *
 * <pre>
 *             told                  room is needed, or idle: and nothing more is to come
 *   UNKNOWN ───────▶ FOLLOWED ───────────────────────────────────────────────────────────▶ LEFT
 *      │             ▲  ▲                                                                   │
 *      └─ no room ─▶ WAITING ◀──────────────────── told, no room ───────────────────────────┤
 *                       └───────────────────────── told ────────────────────────────────────┘
 * </pre>
 *
 * <p>Why nothing is missing: a channel is left only when all that was told of it has come. What is
 * published after that is told of again, and then the channel is joined after the last event that
 * came, or after the position that was told where that is forgotten.
 *
 * <p>Why nothing comes twice: what is joined anew begins after the last event that came; and one
 * that had waited in the backlog as its channel was left, and is read once more, is known by its
 * position.
 */
final class FamilyState {

    /**
     * What keeps the memory of it within bounds.
     *
     * @param followed so many channels are followed at most; with each the next one costs more to
     *     join
     * @param left of so many channels the last event is remembered that came
     * @param waiting so many channels wait for room at most
     * @param idle a channel in which nothing was published for so long is left
     */
    record Bounds(int followed, int left, int waiting, Duration idle) {

        static final Bounds STANDARD = new Bounds(1_000, 10_000, 100_000, Duration.ofMinutes(5));
    }

    /**
     * What is to be done, in the order in which it was decided.
     *
     * @param channel which channel to join or to leave
     * @param after where to join it; null to leave it
     */
    record Step(String channel, @Nullable Position after) {}

    /** A channel that is followed. */
    private static final class Followed {

        /** The last event that came, or where the channel was joined. */
        Position seen;

        /** What comes after this is still to come; null for nothing. */
        @Nullable Position told;

        long usedAt;

        Followed(Position seen, Position told, long now) {
            this.seen = seen;
            this.told = told;
            this.usedAt = now;
        }

        boolean isSettled() {
            return told == null || seen.isAfter(told);
        }
    }

    /** The first position and the last one that were told of a channel while it waits. */
    private record Waiting(Position first, Position last) {}

    private final Bounds bounds;

    /** Those longest ago first of which something was told or came. */
    private final LinkedHashMap<String, Followed> followed = new LinkedHashMap<>(16, 0.75f, true);

    /** The last events that came of channels that were left; those left longest ago first. */
    private final Map<String, Position> left =
            new LinkedHashMap<>() {
                @Serial private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
                    return size() > bounds.left();
                }
            };

    /** What was told of channels for which there is no room. */
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    private final Queue<Step> due = new ArrayDeque<>();

    FamilyState(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Returns what is to be done next; null if there is nothing. */
    @Nullable Step next() {
        return due.poll();
    }

    /**
     * Something was published after a position.
     *
     * @return false if too many channels wait already, so that it is lost
     */
    boolean told(String channel, Position before, long now) {
        Followed known = followed.get(channel);
        if (known != null) {
            Position earlier = known.told;
            if (earlier == null || !earlier.isAfter(before)) {
                known.told = before;
            }
            known.usedAt = now;
            return true;
        }
        leaveIdle(now);
        if (hasRoom()) {
            Waiting waited = waiting.remove(channel);
            follow(channel, waited == null ? before : waited.first(), before, now);
            return true;
        }
        Waiting waits = waiting.get(channel);
        if (waits == null && waiting.size() >= bounds.waiting()) {
            return false;
        }
        waiting.put(channel, new Waiting(waits == null ? before : waits.first(), before));
        return true;
    }

    private void follow(String channel, Position first, Position told, long now) {
        Position last = left.remove(channel);
        Position after = last != null && last.isComparableTo(first) ? last : first;
        followed.put(channel, new Followed(after, told, now));
        due.add(new Step(channel, after));
    }

    private void leaveIdle(long now) {
        Iterator<Map.Entry<String, Followed>> longestAgoFirst = followed.entrySet().iterator();
        while (longestAgoFirst.hasNext()) {
            Map.Entry<String, Followed> next = longestAgoFirst.next();
            Followed candidate = next.getValue();
            if (!candidate.isSettled() || now - candidate.usedAt < bounds.idle().toNanos()) {
                return;
            }
            longestAgoFirst.remove();
            leave(next.getKey(), candidate);
        }
    }

    /** Tells whether one more can be followed; leaves another one for it, if it can. */
    private boolean hasRoom() {
        if (followed.size() < bounds.followed()) {
            return true;
        }
        Iterator<Map.Entry<String, Followed>> longestAgoFirst = followed.entrySet().iterator();
        while (longestAgoFirst.hasNext()) {
            Map.Entry<String, Followed> next = longestAgoFirst.next();
            if (next.getValue().isSettled()) {
                longestAgoFirst.remove();
                leave(next.getKey(), next.getValue());
                return true;
            }
        }
        return false;
    }

    private void leave(String channel, Followed known) {
        left.put(channel, known.seen);
        due.add(new Step(channel, null));
    }

    /**
     * An event has come.
     *
     * @return false if it came before
     */
    boolean came(String channel, Position position, long now) {
        Followed known = followed.get(channel);
        Position last = known == null ? left.get(channel) : known.seen;
        if (last != null && last.isComparableTo(position) && !position.isAfter(last)) {
            return false;
        }
        if (known != null) {
            known.seen = position;
            known.usedAt = now;
            fillUp(now);
        } else if (last != null) {
            left.put(channel, position);
        }
        return true;
    }

    /** A channel was joined: where its events are gone, it begins where it stands. */
    void joined(Joined joined, long now) {
        Followed known = followed.get(joined.channel());
        Position position = joined.position();
        if (known != null && !joined.complete() && position != null) {
            known.seen = position;
            lost(joined.channel(), now);
        }
    }

    /** Events are lost that were to come. */
    void lost(String channel, long now) {
        Followed known = followed.get(channel);
        if (known != null) {
            known.told = null;
            fillUp(now);
        }
    }

    /** A channel could not be joined: the next time it is told of, it is tried again. */
    void refused(String channel, long now) {
        Followed known = followed.remove(channel);
        if (known != null) {
            left.put(channel, known.seen);
            fillUp(now);
        }
    }

    private void fillUp(long now) {
        while (!waiting.isEmpty() && hasRoom()) {
            Iterator<Map.Entry<String, Waiting>> longestFirst = waiting.entrySet().iterator();
            Map.Entry<String, Waiting> next = longestFirst.next();
            longestFirst.remove();
            follow(next.getKey(), next.getValue().first(), next.getValue().last(), now);
        }
    }
}
