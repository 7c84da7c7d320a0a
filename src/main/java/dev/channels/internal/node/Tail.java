package dev.channels.internal.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ChannelEvent;
import dev.channels.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of one followed channel, one epoch, without holes, as this node has seen them
 * or read them from the history. Safe for use by any thread.
 */
final class Tail implements HistoryBudget.Part {

    /** What an event costs beside its payload, about. */
    private static final long OVERHEAD = 128;

    private final HistoryBudget budget;

    @GuardedBy("this")
    private final Deque<ChannelEvent> events = new ArrayDeque<>(1);

    /** What was answered last: a storm of readers that stood at one place shares it. */
    @GuardedBy("this")
    private List<ChannelEvent> answered = List.of();

    @GuardedBy("this")
    private boolean released;

    /** How often it was cleared: what was read before that is not put into it. */
    @GuardedBy("this")
    private int clearances;

    Tail(HistoryBudget budget) {
        this.budget = budget;
    }

    /** Appends a live event, unless a read had it already. */
    void append(ChannelEvent event) {
        long freed = 0;
        synchronized (this) {
            ChannelEvent newest = events.peekLast();
            if (newest != null) {
                Position end = newest.position();
                boolean follows =
                        end.isComparableTo(event.position())
                                && event.position().offset() == end.offset() + 1;
                if (end.isAfter(event.position()) || end.equals(event.position())) {
                    return;
                }
                if (!follows) {
                    freed = clear();
                }
            }
            events.addLast(event);
        }
        budget.free(freed);
        budget.take(this, cost(event));
    }

    /** Returns what {@link #fill} is given; to be asked for before the history is read. */
    synchronized int clearances() {
        return clearances;
    }

    /**
     * Puts what was read from the history in front, where it fits without a hole.
     *
     * @param toThePresent whether the channel stood at its last event; what ends before that is not
     *     kept by itself
     * @param clearancesBefore of the moment before the read: the history may have been deleted
     *     since
     */
    void fill(List<ChannelEvent> read, boolean toThePresent, int clearancesBefore) {
        long grown = 0;
        synchronized (this) {
            ChannelEvent oldest = events.peekFirst();
            if (clearances != clearancesBefore || (oldest == null && !toThePresent)) {
                return;
            }
            for (int i = read.size() - 1; i >= 0; i--) {
                ChannelEvent event = read.get(i);
                if (oldest == null || precedes(event.position(), oldest.position())) {
                    events.addFirst(event);
                    oldest = event;
                    grown += cost(event);
                }
            }
        }
        budget.take(this, grown);
    }

    private static boolean precedes(Position one, Position other) {
        return one.isComparableTo(other) && one.offset() + 1 == other.offset();
    }

    /** Returns the position of the newest event, or null if there is none. */
    synchronized @Nullable Position end() {
        ChannelEvent newest = events.peekLast();
        return newest == null ? null : newest.position();
    }

    /**
     * Returns the events after a position, or null if they are not all here.
     *
     * @param limit how many at most
     */
    synchronized @Nullable List<ChannelEvent> after(Position position, int limit) {
        ChannelEvent oldest = events.peekFirst();
        ChannelEvent newest = events.peekLast();
        if (oldest == null
                || newest == null
                || !position.isComparableTo(newest.position())
                || position.offset() > newest.position().offset()
                || position.offset() < oldest.position().offset() - 1) {
            return null;
        }
        return slice(
                position.offset() + 1,
                Math.min(newest.position().offset(), position.offset() + limit));
    }

    /** Returns the newest events, or null if fewer are here than there may be. */
    synchronized @Nullable List<ChannelEvent> last(int limit) {
        ChannelEvent oldest = events.peekFirst();
        ChannelEvent newest = events.peekLast();
        if (oldest == null || newest == null) {
            return null;
        }
        if (events.size() < limit && oldest.position().offset() > 1) {
            return null;
        }
        long end = newest.position().offset();
        return slice(Math.max(oldest.position().offset(), end - limit + 1), end);
    }

    @GuardedBy("this")
    private List<ChannelEvent> slice(long from, long to) {
        if (from > to) {
            return List.of();
        }
        if (isSlice(answered, from, to)) {
            return answered;
        }
        List<ChannelEvent> slice = new ArrayList<>((int) (to - from + 1));
        for (ChannelEvent event : events) {
            long offset = event.position().offset();
            if (offset >= from && offset <= to) {
                slice.add(event);
            }
        }
        answered = List.copyOf(slice);
        return answered;
    }

    @GuardedBy("this")
    private boolean isSlice(List<ChannelEvent> known, long from, long to) {
        ChannelEvent newest = events.peekLast();
        return !known.isEmpty()
                && newest != null
                && known.get(0).position().offset() == from
                && known.get(known.size() - 1).position().offset() == to
                && known.get(0).position().isComparableTo(newest.position());
    }

    @Override
    public synchronized long dropOldest() {
        answered = List.of();
        ChannelEvent oldest = events.pollFirst();
        return oldest == null ? 0 : cost(oldest);
    }

    @Override
    public synchronized long clear() {
        long cost = 0;
        for (ChannelEvent event : events) {
            cost += cost(event);
        }
        clearances++;
        events.clear();
        answered = List.of();
        return cost;
    }

    @Override
    public synchronized void release() {
        released = true;
    }

    @Override
    public synchronized boolean isReleased() {
        return released;
    }

    private static long cost(ChannelEvent event) {
        return OVERHEAD + event.size();
    }
}
