package dev.channels.internal;

import dev.channels.ChannelEvent;
import dev.channels.EventSender;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The sends in flight of one sender. Completions are taken to come in the order of the sends; where
 * they do not, only the bytes are attributed to another send for a moment. Not thread-safe; guarded
 * by the lock of its mailbox.
 */
final class Window {

    private final int maxEvents;
    private final long maxBytes;
    private final Queue<ChannelEvent> inFlight = new ArrayDeque<>(1);
    private long bytes;

    Window(EventSender sender) {
        maxEvents = Math.max(1, sender.maxInFlight());
        maxBytes = Math.max(1, sender.maxInFlightBytes());
    }

    boolean isOpen() {
        return inFlight.isEmpty() || (inFlight.size() < maxEvents && bytes < maxBytes);
    }

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    int size() {
        return inFlight.size();
    }

    void begin(ChannelEvent event) {
        inFlight.add(event);
        bytes += event.size();
    }

    /** Ends the oldest send; false if none is in flight. */
    boolean complete() {
        ChannelEvent oldest = inFlight.poll();
        if (oldest == null) {
            return false;
        }
        bytes -= oldest.size();
        return true;
    }
}
