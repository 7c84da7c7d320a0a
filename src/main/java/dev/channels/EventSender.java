package dev.channels;

import org.jspecify.annotations.Nullable;

/**
 * Takes what the stream of one subscriber carries, one after another, and sends it on without
 * blocking: a WebSocket session, an SSE stream, a queue.
 *
 * <p>{@link #send}, {@link #flush} and {@link #ended} are called by one thread at a time, on the
 * threads of the plugin's executor; each call sees what the calls before it did. A sender must not
 * block, unless it says so by {@link #mayBlock()}: the few threads that call it serve all
 * subscribers.
 */
public interface EventSender {

    /**
     * Begins to send one item of the stream: an event, or what happened to a channel. A sender that
     * has no use for an item answers it as sent. Every call is answered by exactly one call of a
     * method of {@code completion}, within this method or later, on any thread. At most {@link
     * #maxInFlight()} calls are without their answer at any time.
     *
     * @param delivery the item
     * @param completion what to call when this send has ended; the same object for every item of a
     *     subscriber
     * @throws Exception to the same effect as {@link Completion#failed}; the completion must not be
     *     called then
     */
    void send(Delivery delivery, Completion completion) throws Exception;

    /**
     * Called after one or more sends when no other can follow for now: the backlog is empty, or the
     * window is full. A sender that batches flushes here.
     *
     * @throws Exception to the same effect as {@link Completion#failed}
     */
    default void flush() throws Exception {}

    /**
     * Returns how many sends may be in flight at once.
     *
     * @return the window in events, from 1 up; 1 by default
     */
    default int maxInFlight() {
        return 1;
    }

    /**
     * Returns how many bytes of payload may be in flight at once; one event of any size may always
     * be in flight.
     *
     * @return the window in bytes, from 1 up; unlimited by default
     */
    default long maxInFlightBytes() {
        return Long.MAX_VALUE;
    }

    /**
     * Tells whether a send may wait for a slow receiver. Another thread then takes the place of one
     * that has waited for some milliseconds, with the next event or within half a second, so that
     * the other subscribers are served; the sender itself must bound how many threads wait in it at
     * once, and for how long. Asked once, before the first send.
     *
     * @return false by default
     */
    default boolean mayBlock() {
        return false;
    }

    /**
     * Called beside the stream when a client comes to a channel that the stream follows, or goes:
     * on any thread, several at once, before the channel is joined too. To have it in the stream,
     * {@linkplain Subscription#put put} a note. It must not block, and should not throw.
     *
     * @param change what happened
     */
    default void presenceChanged(PresenceChange change) {}

    /**
     * Called once, after the last send, when the stream is over: the subscriber was stopped or
     * unsubscribed, or a send failed. Sends that are still in flight are no longer waited for.
     *
     * @param failure why the stream ended early, or null if it ended as the application wished
     */
    default void ended(@Nullable Throwable failure) {}

    /**
     * Called when a stop does not wait any longer, at the end of {@code channels.shutdown-timeout}:
     * the stream is over, and a {@link #send} or its task may still be at work. A sender that runs
     * code which may block interrupts it. Called once at most, by the thread that stops, beside the
     * other methods; it must not block.
     */
    default void abandoned() {}

    /** How a sender says that a send has ended. Its methods may be called on any thread. */
    interface Completion {

        /** The event was sent; the next may follow. */
        void sent();

        /**
         * So many events were sent, the oldest ones in flight: the same as as many calls of {@link
         * #sent()}, at the cost of one. A sender that joins events calls this, so that the next
         * ones come together too, and not one by one into the room of the first.
         *
         * @param sends how many; nothing happens for 0
         */
        default void sent(int sends) {
            for (int i = 0; i < sends; i++) {
                sent();
            }
        }

        /**
         * This event cannot be sent, others can. It is counted, logged once per episode, and the
         * next may follow.
         *
         * @param cause why
         */
        void skipped(Throwable cause);

        /**
         * No event can be sent any more. The stream ends: the backlog is discarded and the
         * subscriber is unsubscribed from all channels.
         *
         * @param cause why; an {@link java.io.IOException} says that the receiver is gone, which
         *     happens and is not logged, anything else is logged as a warning
         */
        void failed(Throwable cause);
    }
}
