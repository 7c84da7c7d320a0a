package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Note;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The sends in flight of one sender. Completions are taken to come in the order of the sends; where
 * they do not, only the bytes are attributed to another send for a moment. Not thread-safe; guarded
 * by the lock of its mailbox.
 */
final class Window {

    private final int maxSends;
    private final long maxBytes;
    private final Queue<Delivery> inFlight = new ArrayDeque<>(1);
    private long bytes;
    private int events;

    Window(EventSender sender) {
        maxSends = Math.max(1, sender.maxInFlight());
        maxBytes = Math.max(1, sender.maxInFlightBytes());
    }

    boolean isOpen() {
        return inFlight.isEmpty() || (inFlight.size() < maxSends && bytes < maxBytes);
    }

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    /** Returns how many events are in flight. */
    int events() {
        return events;
    }

    void begin(Delivery delivery) {
        inFlight.add(delivery);
        count(delivery, 1);
    }

    /** Ends the oldest send; false if none is in flight. */
    boolean complete() {
        Delivery oldest = inFlight.poll();
        if (oldest == null) {
            return false;
        }
        count(oldest, -1);
        return true;
    }

    private void count(Delivery delivery, int times) {
        if (delivery instanceof ChannelEvent event) {
            events += times;
            bytes += (long) times * event.size();
        } else if (delivery instanceof Note note) {
            bytes += (long) times * note.size();
        }
    }
}
