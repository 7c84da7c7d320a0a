package dev.channels;

import java.util.Objects;

/**
 * What the owner of a stream puts into it himself, to have it sent in one order with the events: an
 * answer, a ping. The plugin does not look into it.
 *
 * @param content anything; for the sender of the stream
 * @param size how many bytes it counts in the backlog and in the window, not negative
 * @see Subscription#put
 */
public record Note(Object content, int size) implements Delivery {

    /**
     * Makes a note.
     *
     * @param content anything
     * @param size how many bytes it counts
     * @throws IllegalArgumentException if the size is negative
     */
    public Note {
        Objects.requireNonNull(content, "content");
        if (size < 0) {
            throw new IllegalArgumentException("A note has a size from 0 up, not " + size);
        }
    }
}
