package dev.channels;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The events of a stream, without what else it carries. For one thread at a time. */
final class EventIterator implements Iterator<ChannelEvent> {

    private final Iterator<Delivery> deliveries;
    private @Nullable ChannelEvent next;

    EventIterator(Iterator<Delivery> deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public boolean hasNext() {
        while (next == null && deliveries.hasNext()) {
            if (deliveries.next() instanceof ChannelEvent event) {
                next = event;
            }
        }
        return next != null;
    }

    @Override
    public ChannelEvent next() {
        ChannelEvent event = hasNext() ? next : null;
        if (event == null) {
            throw new NoSuchElementException("The stream of this subscriber has ended.");
        }
        next = null;
        return event;
    }
}
