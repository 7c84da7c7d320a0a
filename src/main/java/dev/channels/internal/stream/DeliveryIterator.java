package dev.channels.internal.stream;

import dev.channels.Delivery;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Iterates over what a source gives, until it gives null. For one thread at a time. */
final class DeliveryIterator implements Iterator<Delivery> {

    /** Waits for the next item. */
    @FunctionalInterface
    interface Source {
        @Nullable Delivery take();
    }

    private final Source source;
    private @Nullable Delivery next;

    DeliveryIterator(Source source) {
        this.source = source;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = source.take();
        }
        return next != null;
    }

    @Override
    public Delivery next() {
        Delivery delivery = hasNext() ? next : null;
        if (delivery == null) {
            throw new NoSuchElementException("The stream of this subscriber has ended.");
        }
        next = null;
        return delivery;
    }
}
