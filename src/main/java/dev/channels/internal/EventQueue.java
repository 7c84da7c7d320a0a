package dev.channels.internal;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of a mailbox: live events within the limits, and in front of them the history
 * that a running consumer works off. Not thread-safe; guarded by the lock of its mailbox.
 *
 * <p>The limits bound the live events. History that is put while a consumer runs is not counted: it
 * is bounded by the retention of the broker, only shrinks, and would otherwise never fit. History
 * that is put while nobody consumes is backlog like any other, and must fit.
 */
final class EventQueue {

    /** So many references an empty queue may hold on to for the next burst. */
    private static final int KEPT_CAPACITY = 256;

    private final Limits limits;

    /** By channel; immutable up to the first, which is all that most have, and much smaller so. */
    private Map<String, Cursor> cursors = Map.of();

    private Deque<ChannelEvent> live = new ArrayDeque<>(1);
    private @Nullable Deque<ChannelEvent> history;
    private long liveBytes;
    private int mostLive;

    EventQueue(Limits limits) {
        this.limits = limits;
    }

    int size() {
        return live.size() + (history == null ? 0 : history.size());
    }

    boolean isEmpty() {
        return live.isEmpty() && history == null;
    }

    // ---- Live events

    /**
     * Adds a live event.
     *
     * @return the events that were dropped for it, or the event itself; usually empty
     */
    List<ChannelEvent> add(ChannelEvent event) {
        return isCovered(event) ? List.of() : admit(event);
    }

    private boolean isCovered(ChannelEvent event) {
        Cursor cursor = cursors.get(event.channel());
        if (cursor == null) {
            remember(event.channel(), Cursor.ofLive(event.position()));
            return false;
        }
        return cursor.covers(event.position());
    }

    private void remember(String channel, Cursor cursor) {
        if (cursors.isEmpty()) {
            cursors = Map.of(channel, cursor);
            return;
        }
        if (cursors.size() == 1) {
            cursors = new HashMap<>(cursors);
        }
        cursors.put(channel, cursor);
    }

    private List<ChannelEvent> admit(ChannelEvent event) {
        if (hasRoomFor(event)) {
            append(event);
            return List.of();
        }
        return switch (limits.strategy()) {
            case BACKOFF -> List.of(event);
            case DROPLEFT -> evictFor(event);
            case DISCONNECT -> {
                List<ChannelEvent> all = removeAll();
                all.add(event);
                yield all;
            }
        };
    }

    private boolean hasRoomFor(ChannelEvent event) {
        return limits.admit(live.size() + 1, liveBytes + Limits.cost(event));
    }

    private void append(ChannelEvent event) {
        live.addLast(event);
        liveBytes += Limits.cost(event);
        mostLive = Math.max(mostLive, live.size());
    }

    private List<ChannelEvent> evictFor(ChannelEvent event) {
        List<ChannelEvent> evicted = new ArrayList<>(1);
        while (!hasRoomFor(event)) {
            ChannelEvent oldest = live.removeFirst();
            liveBytes -= Limits.cost(oldest);
            evicted.add(oldest);
        }
        append(event);
        return evicted;
    }

    // ---- History, without the events that were given already

    /**
     * Puts history in front for a consumer that is at work.
     *
     * @param slices the events of each channel, oldest first
     */
    void replay(Map<String, List<ChannelEvent>> slices) {
        List<ChannelEvent> fresh = fresh(slices);
        give(slices);
        if (fresh.isEmpty()) {
            return;
        }
        Deque<ChannelEvent> replayed = new ArrayDeque<>(fresh);
        if (history != null) {
            replayed.addAll(history);
        }
        history = replayed;
    }

    /**
     * Puts history in front of what waits, while nobody consumes.
     *
     * @throws ChannelsException if it does not fit; nothing has changed then
     */
    void prepend(Map<String, List<ChannelEvent>> slices) {
        List<ChannelEvent> fresh = fresh(slices);
        requireRoom(fresh, live.size(), liveBytes);
        give(slices);
        List<ChannelEvent> later = removeAll();
        fresh.forEach(this::append);
        later.forEach(this::append);
    }

    /**
     * Puts the history that the stream begins with, while nobody consumes. Live events that came
     * since the subscription count as if they had come after it.
     *
     * @return those of them that were dropped for want of room; usually empty
     * @throws ChannelsException if the history by itself does not fit; nothing has changed then
     */
    List<ChannelEvent> begin(Map<String, List<ChannelEvent>> slices) {
        List<ChannelEvent> fresh = fresh(slices);
        requireRoom(fresh, 0, 0);
        give(slices);
        if (fresh.isEmpty()) {
            return List.of();
        }
        List<ChannelEvent> later = removeAll();
        fresh.forEach(this::append);
        List<ChannelEvent> dropped = new ArrayList<>();
        for (ChannelEvent event : later) {
            if (endsWhenFull() && !dropped.isEmpty()) {
                dropped.add(event);
            } else {
                dropped.addAll(admit(event));
            }
        }
        return dropped;
    }

    private List<ChannelEvent> fresh(Map<String, List<ChannelEvent>> slices) {
        List<ChannelEvent> fresh = new ArrayList<>();
        slices.forEach(
                (channel, events) -> {
                    Cursor cursor = cursors.get(channel);
                    for (ChannelEvent event : events) {
                        if (cursor == null || cursor.isNewHistory(event.position())) {
                            fresh.add(event);
                        }
                    }
                });
        return fresh;
    }

    private void requireRoom(List<ChannelEvent> fresh, int waiting, long waitingBytes) {
        long bytes = waitingBytes;
        for (ChannelEvent event : fresh) {
            bytes += Limits.cost(event);
        }
        if (!fresh.isEmpty() && !limits.admit(waiting + fresh.size(), bytes)) {
            throw new ChannelsException(
                    ErrorCode.HISTORY_TOO_LARGE,
                    "A history of "
                            + fresh.size()
                            + " events does not fit into the backlog of a subscriber that nobody"
                            + " consumes: it holds "
                            + waiting
                            + " events, the limit is "
                            + limits.describe()
                            + ". Let the subscriber run before the history is put, ask for less, or"
                            + " raise channels.subscriber-max-backlog.");
        }
    }

    private void give(Map<String, List<ChannelEvent>> slices) {
        slices.forEach(
                (channel, events) -> {
                    if (!events.isEmpty()) {
                        Position first = events.get(0).position();
                        Position last = events.get(events.size() - 1).position();
                        give(channel, first, last);
                    }
                });
    }

    private void give(String channel, Position first, Position last) {
        Cursor cursor = cursors.get(channel);
        if (cursor == null) {
            remember(channel, Cursor.ofHistory(first, last));
        } else if (cursor.isNewHistory(first)) {
            cursor.give(first, last);
        }
    }

    // ---- Taking

    @Nullable ChannelEvent poll() {
        Deque<ChannelEvent> past = history;
        if (past != null) {
            ChannelEvent event = past.pollFirst();
            if (past.isEmpty()) {
                history = null;
            }
            return event;
        }
        ChannelEvent event = live.pollFirst();
        if (event != null) {
            liveBytes -= Limits.cost(event);
            shrink();
        }
        return event;
    }

    /** Gives up what a burst has made an empty queue hold on to: there may be thousands of it. */
    private void shrink() {
        if (mostLive > KEPT_CAPACITY && live.isEmpty()) {
            live = new ArrayDeque<>(1);
            mostLive = 0;
        }
    }

    List<ChannelEvent> removeAll() {
        List<ChannelEvent> all = history == null ? new ArrayList<>() : new ArrayList<>(history);
        all.addAll(live);
        history = null;
        live.clear();
        liveBytes = 0;
        shrink();
        return all;
    }

    /** Tells whether a drop ends the stream. */
    boolean endsWhenFull() {
        return limits.strategy() == BacklogStrategy.DISCONNECT;
    }
}
