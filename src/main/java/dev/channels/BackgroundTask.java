package dev.channels;

import java.util.concurrent.CompletionStage;

/**
 * The task that consumes a subscriber's events in the background. Safe for use by any thread.
 *
 * <p>It ends by {@link #close()}, by {@link #cancel()}, with the subscriber's last subscription
 * (once the backlog is consumed), or when its consumer fails.
 */
public interface BackgroundTask extends AutoCloseable {

    /**
     * Takes no new events and waits until the backlog is consumed. Does not wait when called by the
     * consumer itself. Closing again waits likewise, and harms nothing.
     *
     * @throws ChannelsException {@link ErrorCode#STOP_TIMED_OUT} if the consumer took no event for
     *     {@code channels.shutdown-timeout}, or the thread was interrupted while it waited, the
     *     flag being set again; the task still ends once its backlog is consumed
     */
    @Override
    void close();

    /**
     * Takes no new events, drops the backlog and returns at once. Cancelling again does nothing.
     */
    void cancel();

    /**
     * Returns a stage that completes when the task has ended. What is chained to it runs on the
     * plugin's executor, or at once if the task has ended already.
     *
     * @return the stage; it completes exceptionally with the failure of the consumer, if any
     */
    CompletionStage<Void> completion();
}
