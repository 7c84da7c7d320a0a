package dev.channels.backend.memory;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.HistorySlice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The newest events of one channel in one epoch. Offsets begin with 1 and have no holes.
 *
 * <p>Safe for use by any thread. Appending waits for readers, for as long as they copy references.
 */
final class ChannelLog {

    private final String channel;
    private final String epoch;
    private final int limit;

    private final Object lock = new Object();

    /** Guarded by lock. */
    private final Deque<ChannelEvent> events = new ArrayDeque<>();

    /** The offset of the newest event. Guarded by lock. */
    private long newest;

    ChannelLog(String channel, String epoch, int limit) {
        this.channel = channel;
        this.epoch = epoch;
        this.limit = limit;
    }

    ChannelEvent append(byte[] payload) {
        synchronized (lock) {
            newest++;
            ChannelEvent event = new ChannelEvent(channel, new Position(epoch, newest), payload);
            if (limit > 0) {
                if (events.size() == limit) {
                    events.removeFirst();
                }
                events.addLast(event);
            }
            return event;
        }
    }

    HistorySlice last(int count) {
        synchronized (lock) {
            int size = events.size();
            int wanted = count < 0 ? size : Math.min(count, size);
            return new HistorySlice(slice(size - wanted, wanted), false);
        }
    }

    HistorySlice after(Position position, int count) {
        synchronized (lock) {
            long dropped = newest - events.size();
            long offset = position.offset();
            boolean gap = !position.epoch().equals(epoch) || offset < dropped || offset > newest;
            int from = gap ? 0 : (int) (offset - dropped);
            int size = events.size() - from;
            return new HistorySlice(slice(from, count < 0 ? size : Math.min(count, size)), gap);
        }
    }

    /** Walks from the nearer end, so that few events of a long history are cheap to read. */
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
