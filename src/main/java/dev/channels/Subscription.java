package dev.channels;

import java.util.concurrent.CompletionStage;

/**
 * The tie between a subscriber and its channels, for try-with-resources. Safe for use by any
 * thread.
 */
public interface Subscription extends AutoCloseable {

    /**
     * Returns the subscriber.
     *
     * @return the subscriber that this subscription made
     */
    Subscriber subscriber();

    /**
     * Returns a stage that completes when the subscription is in force: the broker has confirmed
     * it, and the history that was asked for is in the stream. What is chained to it runs on the
     * plugin's executor, or at once if the stage is complete.
     *
     * @return the stage; complete already where the method that made this subscription waited for
     *     it; exceptional with a {@link ChannelsException} if subscribing failed, which what is
     *     chained to the stage sees as the cause of a {@link
     *     java.util.concurrent.CompletionException}. The stage is not the caller's to complete
     */
    CompletionStage<Void> established();

    /** Unsubscribes from all channels. Never blocks; closing again does nothing. */
    @Override
    void close();
}
