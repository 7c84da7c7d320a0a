package dev.channels;

import java.util.Objects;

/** Where the stream of a channel begins when it is joined. */
public sealed interface Start {

    /**
     * Begins with the next event, and says in {@link Joined#position()} where the channel stands.
     *
     * @return the start
     */
    static Start now() {
        return Now.NOW;
    }

    /**
     * Begins with the newest events of the history. A backend that keeps no history has none to
     * give.
     *
     * @param events how many at most; negative for all that there are. With 0 nothing is asked of
     *     the history, so that {@link Joined#position()} is null
     * @return the start
     */
    static Start last(int events) {
        return new Last(events);
    }

    /**
     * Begins with the events that follow a position: how a reader that was away goes on. Whether
     * they were all there, {@link Joined#complete()} tells.
     *
     * @param position the position of the last event that the reader has had, of the channel that
     *     is joined
     * @return the start
     */
    static Start after(Position position) {
        return new After(position);
    }

    /** Begins with the next event. */
    enum Now implements Start {
        /** The only one. */
        NOW
    }

    /**
     * Begins with the newest events of the history.
     *
     * @param events how many at most; negative for all, 0 for none
     */
    record Last(int events) implements Start {}

    /**
     * Begins with the events that follow a position.
     *
     * @param position the position of the last event that the reader has had
     */
    record After(Position position) implements Start {

        /**
         * Makes a start.
         *
         * @param position the position of the last event that the reader has had
         */
        public After {
            Objects.requireNonNull(position, "position");
        }
    }
}
