package dev.channels;

import java.util.Collection;
import java.util.List;
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

    /**
     * Joins channels in the running stream, and returns at once; the channels of the stream flow on
     * meanwhile. What becomes of it comes in the stream: {@link Joined} in front of the channel's
     * first event, or {@link Refused}. While the broker is away, joining waits. A channel that is
     * joined already is left as it is.
     *
     * @param start where the stream of each channel begins
     * @param channels the names of the channels
     * @throws ChannelsException {@link ErrorCode#UNDECLARED_CHANNEL}, {@link
     *     ErrorCode#INVALID_CHANNEL_NAME}, {@link ErrorCode#NO_CHANNEL}, {@link
     *     ErrorCode#NOT_RUNNING}; nothing was joined
     */
    void join(Start start, Collection<String> channels);

    /**
     * Joins channels in the running stream, and returns at once.
     *
     * @param start where the stream of each channel begins
     * @param channels the names of the channels
     * @see #join(Start, Collection)
     */
    default void join(Start start, String... channels) {
        join(start, List.of(channels));
    }

    /**
     * Leaves channels, and returns at once. Events of them that wait in the backlog are still
     * delivered; none is added. The stream ends with the last channel, unless it was opened by
     * {@link ChannelsPlugin#openSubscription}. Channels that are not joined are left out.
     *
     * @param channels the names of the channels
     * @throws ChannelsException as {@link #join(Start, Collection)} does
     */
    void leave(Collection<String> channels);

    /**
     * Leaves channels, and returns at once.
     *
     * @param channels the names of the channels
     * @see #leave(Collection)
     */
    default void leave(String... channels) {
        leave(List.of(channels));
    }

    /**
     * Says that a client is there in a channel of this subscription, until the subscription leaves
     * the channel, or ends; a client that was said to be there before is replaced. Does nothing
     * where the channel is not joined, or where no policy keeps who is there. Returns at once; an
     * outage of the broker delays it.
     *
     * @param channel the name of the channel
     * @param client who; its id must be that of one connection
     */
    void enter(String channel, PresentClient client);

    /**
     * Puts a note into the stream, behind what waits there. It comes to the sender in its place, is
     * never dropped, and counts in the backlog by its size.
     *
     * @param note the note
     * @return false if the stream has ended or is about to
     */
    boolean put(Note note);

    /** Unsubscribes from all channels. Never blocks; closing again does nothing. */
    @Override
    void close();
}
