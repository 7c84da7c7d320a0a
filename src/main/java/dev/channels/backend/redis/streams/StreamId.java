package dev.channels.backend.redis.streams;

import org.jspecify.annotations.Nullable;

/**
 * The id of an event in its stream: {@code offset-stamp}. Offsets count from 1, without holes.
 *
 * <p>The stamp is the clock of Redis in microseconds when the script ran that appended the event;
 * it never decreases in a channel. A Redis that crashed can have lost its newest events, and gives
 * their offsets out again: the stamps of those are greater, and tell.
 *
 * @param offset the offset of the event; 0 before the first one
 * @param stamp the stamp of the event; 0 before the first one
 */
record StreamId(long offset, long stamp) {

    /** Before the first event. */
    static final StreamId NONE = new StreamId(0, 0);

    static @Nullable StreamId parse(String text) {
        int hyphen = text.indexOf('-');
        try {
            return new StreamId(
                    Long.parseLong(text, 0, hyphen, 10),
                    Long.parseLong(text, hyphen + 1, text.length(), 10));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    boolean follows(StreamId other) {
        return offset == other.offset + 1;
    }
}
