package dev.channels.backend.redis.streams;

import org.jspecify.annotations.Nullable;

/**
 * The id of an event in its stream: {@code offset-distance}, where the distance is how far the
 * event before lies behind. So every event tells which one it follows, and a missing one is seen.
 *
 * <p>Offsets are the clock of Redis in microseconds, or one more than the offset before if that is
 * greater. They do not count from 1 because a Redis that crashed can have lost its newest events:
 * numbers given out once must not be given out again.
 *
 * @param offset the offset of the event
 * @param previous the offset of the event before; 0 for the first one in a stream's life
 */
record StreamId(long offset, long previous) {

    static @Nullable StreamId parse(String text) {
        int hyphen = text.indexOf('-');
        try {
            long offset = Long.parseLong(text, 0, hyphen, 10);
            return new StreamId(
                    offset, offset - Long.parseLong(text, hyphen + 1, text.length(), 10));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return null;
        }
    }
}
