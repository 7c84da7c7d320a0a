package dev.channels.internal;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
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

    private final Limits limits;
    private final Deque<ChannelEvent> live = new ArrayDeque<>(1);
    private final Deque<ChannelEvent> history = new ArrayDeque<>(1);
    private final Map<String, Cursor> cursors = new HashMap<>(2);
    private long liveBytes;

    EventQueue(Limits limits) {
        this.limits = limits;
    }

    int size() {
        return history.size() + live.size();
    }

    boolean isEmpty() {
        return live.isEmpty() && history.isEmpty();
    }

    /**
     * Adds a live event.
     *
     * @return the events that were dropped for it, or the event itself; usually empty
     */
    List<ChannelEvent> add(ChannelEvent event) {
        if (isCovered(event)) {
            return List.of();
        }
        long cost = Limits.cost(event);
        if (limits.admit(live.size() + 1, liveBytes + cost)) {
            live.addLast(event);
            liveBytes += cost;
            return List.of();
        }
        return switch (limits.strategy()) {
            case BACKOFF -> List.of(event);
            case DROPLEFT -> evictFor(event, cost);
            case DISCONNECT -> {
                List<ChannelEvent> all = removeAll();
                all.add(event);
                yield all;
            }
        };
    }

    private boolean isCovered(ChannelEvent event) {
        Cursor cursor = cursors.get(event.channel());
        if (cursor == null) {
            cursors.put(event.channel(), Cursor.ofLive(event.position()));
            return false;
        }
        return cursor.covers(event.position());
    }

    private List<ChannelEvent> evictFor(ChannelEvent event, long cost) {
        List<ChannelEvent> evicted = new ArrayList<>(1);
        while (!limits.admit(live.size() + 1, liveBytes + cost)) {
            ChannelEvent oldest = live.removeFirst();
            liveBytes -= Limits.cost(oldest);
            evicted.add(oldest);
        }
        live.addLast(event);
        liveBytes += cost;
        return evicted;
    }

    /**
     * Puts history in front, without the events that were given already.
     *
     * @param slices the events of each channel, oldest first
     * @param consumed whether a consumer is at work
     * @throws ChannelsException if nobody consumes and it does not fit; nothing has changed then
     */
    void prepend(Map<String, List<ChannelEvent>> slices, boolean consumed) {
        List<ChannelEvent> fresh = new ArrayList<>();
        slices.forEach((channel, events) -> addFresh(cursors.get(channel), events, fresh));
        if (!consumed) {
            requireRoom(fresh);
        }
        slices.forEach(this::advanceCursor);
        for (int i = fresh.size() - 1; i >= 0; i--) {
            ChannelEvent event = fresh.get(i);
            if (consumed) {
                history.addFirst(event);
            } else {
                live.addFirst(event);
                liveBytes += Limits.cost(event);
            }
        }
    }

    private static void addFresh(
            @Nullable Cursor cursor, List<ChannelEvent> events, List<ChannelEvent> fresh) {
        for (ChannelEvent event : events) {
            if (cursor == null || cursor.isNewHistory(event.position())) {
                fresh.add(event);
            }
        }
    }

    private void requireRoom(List<ChannelEvent> fresh) {
        long bytes = liveBytes;
        for (ChannelEvent event : fresh) {
            bytes += Limits.cost(event);
        }
        int events = live.size() + fresh.size();
        if (!fresh.isEmpty() && !limits.admit(events, bytes)) {
            throw new ChannelsException(
                    ErrorCode.HISTORY_TOO_LARGE,
                    "A history of "
                            + fresh.size()
                            + " events does not fit into the backlog of a subscriber that nobody"
                            + " consumes: it holds "
                            + live.size()
                            + " events, the limit is "
                            + limits.describe()
                            + ". Let the subscriber run before the history is put, ask for less, or"
                            + " raise channels.subscriber-max-backlog.");
        }
    }

    private void advanceCursor(String channel, List<ChannelEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        ChannelEvent first = events.get(0);
        Cursor cursor = cursors.get(channel);
        if (cursor == null) {
            ChannelEvent last = events.get(events.size() - 1);
            cursors.put(channel, Cursor.ofHistory(first.position(), last.position()));
        } else if (cursor.isNewHistory(first.position())) {
            cursor.extendBack(first.position());
        }
    }

    @Nullable ChannelEvent poll() {
        ChannelEvent past = history.pollFirst();
        if (past != null) {
            return past;
        }
        ChannelEvent event = live.pollFirst();
        if (event != null) {
            liveBytes -= Limits.cost(event);
        }
        return event;
    }

    List<ChannelEvent> removeAll() {
        List<ChannelEvent> all = new ArrayList<>(history);
        all.addAll(live);
        history.clear();
        live.clear();
        liveBytes = 0;
        return all;
    }

    /** Tells whether a drop ends the stream. */
    boolean endsWhenFull() {
        return limits.strategy() == BacklogStrategy.DISCONNECT;
    }
}
