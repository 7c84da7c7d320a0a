package dev.channels.backend.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.HistorySlice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of one channel in one epoch. Offsets begin with 1 and have no holes.
 *
 * <p>Safe for use by any thread. Appending waits for readers, for as long as they copy references.
 */
final class ChannelLog {

    /** What an event costs beside its payload and headers, about. */
    private static final long OVERHEAD = 128;

    private final String channel;
    private final String epoch;
    private final ChannelRetention retention;

    /** Only the publisher's. */
    private long usedAt;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<ChannelEvent> events = new ArrayDeque<>();

    /** The offset of the newest event. */
    @GuardedBy("lock")
    private long newest;

    /** By how many bytes the log has grown since somebody asked. */
    @GuardedBy("lock")
    private long growth;

    @GuardedBy("lock")
    private boolean closed;

    ChannelLog(String channel, String epoch, ChannelRetention retention) {
        this.channel = channel;
        this.epoch = epoch;
        this.retention = retention;
    }

    String channel() {
        return channel;
    }

    ChannelRetention retention() {
        return retention;
    }

    /** Appends an event; null if the log is closed, so that the channel has another one. */
    @Nullable ChannelEvent append(byte[] payload, Map<String, String> headers) {
        synchronized (lock) {
            if (closed) {
                return null;
            }
            newest++;
            ChannelEvent event =
                    new ChannelEvent(channel, position(), payload, payload.length, headers);
            if (retention.keepsEvents()) {
                if (events.size() == retention.events()) {
                    growth -= cost(events.removeFirst());
                }
                events.addLast(event);
                growth += cost(event);
            }
            return event;
        }
    }

    private static long cost(ChannelEvent event) {
        long cost = OVERHEAD + event.size();
        for (Map.Entry<String, String> header : event.headers().entrySet()) {
            cost += OVERHEAD + header.getKey().length() + header.getValue().length();
        }
        return cost;
    }

    /** Returns by how many bytes the log has grown since the last call; negative if it shrank. */
    long takeGrowth() {
        synchronized (lock) {
            long grown = growth;
            growth = 0;
            return grown;
        }
    }

    void dropOldest() {
        synchronized (lock) {
            ChannelEvent oldest = events.pollFirst();
            if (oldest != null) {
                growth -= cost(oldest);
            }
        }
    }

    void dropAll() {
        synchronized (lock) {
            events.forEach(event -> growth -= cost(event));
            events.clear();
        }
    }

    boolean keepsEvents() {
        synchronized (lock) {
            return !events.isEmpty();
        }
    }

    /** Tells whether a position of its epoch was given to an event. */
    boolean hasCounted() {
        synchronized (lock) {
            return newest > 0;
        }
    }

    /** Takes no more events, if it keeps none; returns whether it is closed. */
    boolean close() {
        synchronized (lock) {
            closed |= events.isEmpty();
            return closed;
        }
    }

    /** Returns when the log was published to last, of the publisher's clock. */
    long usedAt() {
        return usedAt;
    }

    void usedAt(long moment) {
        usedAt = moment;
    }

    HistorySlice last(int count) {
        synchronized (lock) {
            int size = events.size();
            int wanted = count < 0 ? size : Math.min(count, size);
            return new HistorySlice(slice(size - wanted, wanted), position(), false);
        }
    }

    HistorySlice after(Position position, int count) {
        synchronized (lock) {
            long dropped = newest - events.size();
            long offset = position.offset();
            boolean gap = !position.epoch().equals(epoch) || offset < dropped || offset > newest;
            int from = gap ? 0 : (int) (offset - dropped);
            int size = events.size() - from;
            return new HistorySlice(
                    slice(from, count < 0 ? size : Math.min(count, size)), position(), gap);
        }
    }

    HistorySlice before(Position position, int count) {
        synchronized (lock) {
            if (!position.epoch().equals(epoch)) {
                return new HistorySlice(List.of(), position(), true);
            }
            long dropped = newest - events.size();
            int to = (int) Math.max(0, Math.min(events.size(), position.offset() - 1 - dropped));
            int wanted = count < 0 ? to : Math.min(count, to);
            return new HistorySlice(slice(to - wanted, wanted), position(), false);
        }
    }

    @GuardedBy("lock")
    private Position position() {
        return new Position(epoch, newest);
    }

    /** Walks from the nearer end, so that few events of a long history are cheap to read. */
    @GuardedBy("lock")
    private List<ChannelEvent> slice(int from, int count) {
        int behind = events.size() - from - count;
        List<ChannelEvent> slice = new ArrayList<>(count);
        if (from <= behind) {
            copy(events.iterator(), from, count, slice);
        } else {
            copy(events.descendingIterator(), behind, count, slice);
            Collections.reverse(slice);
        }
        return slice;
    }

    private static void copy(
            Iterator<ChannelEvent> source, int skipped, int count, List<ChannelEvent> target) {
        for (int i = 0; i < skipped; i++) {
            source.next();
        }
        for (int i = 0; i < count; i++) {
            target.add(source.next());
        }
    }
}
