package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Note;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The sends in flight of one sender. Completions are taken to come in the order of the sends; where
 * they do not, only the bytes are attributed to another send for a moment. Not thread-safe; guarded
 * by the lock of its mailbox.
 */
final class Window {

    private final int maxSends;
    private final long maxBytes;

    /** Whether the oldest send in flight is an event, and its size. */
    private boolean oldestIsEvent;

    private int oldestBytes;

    /** The same, where it is timed. */
    private @Nullable Delivery oldest;

    /** Those behind it, where there ever were any: most senders have one send in flight. */
    private @Nullable Queue<Delivery> others;

    private int sends;
    private long bytes;
    private int events;

    /** Whether the sends leave this node. */
    private final boolean timesSends;

    /** Made when somebody first wants to know how long a send takes. */
    private @Nullable SendTimer timer;

    Window(EventSender sender) {
        timesSends = !(sender instanceof CallbackSender);
        maxSends = Math.max(1, sender.maxInFlight());
        maxBytes = Math.max(1, sender.maxInFlightBytes());
    }

    boolean isOpen() {
        return sends == 0 || (sends < maxSends && bytes < maxBytes);
    }

    boolean isEmpty() {
        return sends == 0;
    }

    /** Returns how many events are in flight. */
    int events() {
        return events;
    }

    void begin(Delivery delivery) {
        if (sends++ == 0) {
            setOldest(delivery);
        } else {
            addBehind(delivery);
        }
        events += delivery instanceof ChannelEvent ? 1 : 0;
        bytes += size(delivery);
    }

    private void setOldest(@Nullable Delivery delivery) {
        oldestIsEvent = delivery instanceof ChannelEvent;
        oldestBytes = size(delivery);
        if (timer != null) {
            oldest = delivery;
        }
    }

    private void addBehind(Delivery delivery) {
        Queue<Delivery> queue = others;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            others = queue;
        }
        queue.add(delivery);
    }

    /** Ends the oldest send; false if none is in flight. */
    boolean complete() {
        if (sends == 0) {
            return false;
        }
        events -= oldestIsEvent ? 1 : 0;
        bytes -= oldestBytes;
        if (timer != null && oldest != null) {
            timer.ended(oldest);
            oldest = null;
        }
        if (--sends > 0 && others != null) {
            setOldest(others.poll());
        }
        return true;
    }

    /**
     * Returns what times events on their way to a client; null where they do not leave the node.
     */
    @Nullable SendTimer timer() {
        if (timer == null && timesSends) {
            timer = new SendTimer();
        }
        return timer;
    }

    /** Returns the same, if it was ever wanted. */
    @Nullable SendTimer timerInUse() {
        return timer;
    }

    private static int size(@Nullable Delivery delivery) {
        if (delivery instanceof ChannelEvent event) {
            return event.size();
        }
        return delivery instanceof Note note ? note.size() : 0;
    }
}
