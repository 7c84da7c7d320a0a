package dev.channels;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The one object applications use: inject it, publish events to channels, subscribe to channels.
 *
 * <p>All methods are safe for use by any thread. Wherever channels are named, every name must be
 * declared ({@code channels.names}) unless arbitrary channels are allowed ({@code
 * channels.arbitrary-channels-allowed}); a call that names another one, none at all, or one that
 * breaks the rule for names, throws a {@link ChannelsException} and changes nothing. Names given
 * twice in one call count once. No argument may be null.
 */
public interface ChannelsPlugin extends EventPublisher {

    /**
     * Returns a publisher whose events go out when the transaction of the calling thread has
     * committed, in the order of the calls, and not at all when it is rolled back or is marked for
     * that already. The data is encoded at the call, so errors are the caller's, and later changes
     * of an object are not sent. Where there is no transaction an event goes out at once; so it
     * does where the server has no JTA for the application, which is logged once ({@link
     * ErrorCode#NO_TRANSACTIONS}). A crash between the commit and the broker's acceptance loses the
     * event; so does, at the commit, a publish queue that is full or a node that has been stopped,
     * which is counted and logged.
     *
     * <p>With {@code channels.postgresql.publish-in-transaction=join} the transaction itself writes
     * the event when its commit begins, so that no crash loses it: it is published once the
     * transaction has committed, by this node or another. What cannot be written rolls the
     * transaction back.
     *
     * <p>The stage of a publish whose transaction does not commit completes exceptionally with
     * {@link ErrorCode#ROLLED_BACK}; do not wait for it inside the transaction. Of one that writes
     * the event itself it completes by the commit: the event is in the database for good, and
     * follows in its channel.
     *
     * @return a publisher for any number of calls, by any thread
     */
    EventPublisher afterCommit();

    /**
     * Returns a publisher whose events go out at once, whatever becomes of the transaction of the
     * calling thread. So does this plugin itself, unless {@code channels.publish-in-transaction}
     * says {@code after-commit}, or {@code channels.postgresql.publish-in-transaction} says {@code
     * join}.
     *
     * @return a publisher for any number of calls, by any thread
     */
    EventPublisher atOnce();

    /**
     * Makes a subscriber of channels, without history.
     *
     * @param channels the names of the channels
     * @return a new subscriber that nobody consumes yet
     * @throws ChannelsException as {@link #subscribe(Collection, int)} does
     */
    default Subscriber subscribe(String... channels) {
        return subscribe(List.of(channels), 0);
    }

    /**
     * Makes a subscriber of channels, without history.
     *
     * @param channels the names of the channels
     * @return a new subscriber that nobody consumes yet
     * @throws ChannelsException as {@link #subscribe(Collection, int)} does
     */
    default Subscriber subscribe(Collection<String> channels) {
        return subscribe(channels, 0);
    }

    /**
     * Makes a subscriber of channels, with history in front of the live events, without a hole and
     * without a duplicate. Blocks until the broker has confirmed the subscription and the history
     * is there ({@code channels.subscribe-timeout}).
     *
     * @param channels the names of the channels
     * @param history the last {@code history} events of each channel; negative for all of them, 0
     *     for none. A backend that keeps no history has none to give.
     * @return a new subscriber that nobody consumes yet
     * @throws ChannelsException {@link ErrorCode#HISTORY_TOO_LARGE} if the history exceeds the
     *     limit of the backlog (there is no consumer that could make room; see {@link
     *     #startSubscription(Collection, int, EventSender)}), {@link ErrorCode#SUBSCRIBE_FAILED},
     *     {@link ErrorCode#HISTORY_FAILED}, {@link ErrorCode#UNDECLARED_CHANNEL}, {@link
     *     ErrorCode#INVALID_CHANNEL_NAME}, {@link ErrorCode#NO_CHANNEL}, {@link
     *     ErrorCode#NOT_RUNNING}; there is no subscriber then
     */
    Subscriber subscribe(Collection<String> channels, int history);

    /**
     * Unsubscribes from all channels. The stream ends once its backlog is consumed; a running task
     * stops then. Never blocks; a subscriber without subscriptions is left as it is.
     *
     * @param subscriber a subscriber of this plugin
     */
    void unsubscribe(Subscriber subscriber);

    /**
     * Unsubscribes from some channels; with the last of them the stream ends, as with {@link
     * #unsubscribe(Subscriber)}. Channels that the subscriber is not subscribed to are left out.
     *
     * @param subscriber a subscriber of this plugin
     * @param channels the names of the channels
     */
    default void unsubscribe(Subscriber subscriber, String... channels) {
        unsubscribe(subscriber, List.of(channels));
    }

    /**
     * Unsubscribes from some channels.
     *
     * @param subscriber a subscriber of this plugin
     * @param channels the names of the channels
     * @see #unsubscribe(Subscriber, String...)
     */
    void unsubscribe(Subscriber subscriber, Collection<String> channels);

    /**
     * Makes a subscriber that is unsubscribed when the subscription is closed.
     *
     * @param channels the names of the channels
     * @return the subscription, established
     * @throws ChannelsException as {@link #subscribe(Collection, int)} does
     */
    default Subscription startSubscription(String... channels) {
        return startSubscription(List.of(channels), 0);
    }

    /**
     * Makes a subscriber that is unsubscribed when the subscription is closed.
     *
     * @param channels the names of the channels
     * @return the subscription, established
     * @throws ChannelsException as {@link #subscribe(Collection, int)} does
     */
    default Subscription startSubscription(Collection<String> channels) {
        return startSubscription(channels, 0);
    }

    /**
     * Makes a subscriber that is unsubscribed when the subscription is closed.
     *
     * @param channels the names of the channels
     * @param history as in {@link #subscribe(Collection, int)}
     * @return the subscription, established
     * @throws ChannelsException as {@link #subscribe(Collection, int)} does
     */
    default Subscription startSubscription(Collection<String> channels, int history) {
        return startSubscription(channels, Start.last(history));
    }

    /**
     * Makes a subscriber that is unsubscribed when the subscription is closed. Blocks until the
     * stream has begun for all channels, or {@code channels.subscribe-timeout} is over; while the
     * broker is away it waits.
     *
     * @param channels the names of the channels
     * @param start where the stream of each channel begins
     * @return the subscription, established
     * @throws ChannelsException as {@link #subscribe(Collection, int)} does
     */
    Subscription startSubscription(Collection<String> channels, Start start);

    /**
     * Makes a subscriber whose events are handed to a sender from the first one on, and returns at
     * once: neither the broker nor the history is waited for. The history may be larger than the
     * limit of the backlog, since it is consumed as it comes.
     *
     * @param channels the names of the channels
     * @param history as in {@link #subscribe(Collection, int)}
     * @param sender takes the events
     * @return the subscription; {@link Subscription#established()} tells when it is in force
     * @throws ChannelsException {@link ErrorCode#UNDECLARED_CHANNEL}, {@link
     *     ErrorCode#INVALID_CHANNEL_NAME}, {@link ErrorCode#NO_CHANNEL}, {@link
     *     ErrorCode#NOT_RUNNING}
     */
    default Subscription startSubscription(
            Collection<String> channels, int history, EventSender sender) {
        return startSubscription(channels, Start.last(history), sender);
    }

    /**
     * Makes a subscriber whose stream is handed to a sender from the first item on, and returns at
     * once: neither the broker nor the history is waited for, and an outage refuses nobody. The
     * history may be larger than the limit of the backlog: it is read page by page, as the sender
     * takes it.
     *
     * <p>The sender is given {@link Joined} in front of each channel's first event, and {@link
     * Refused} for one that cannot be joined; where no channel is left, the stream ends with the
     * reason.
     *
     * @param channels the names of the channels
     * @param start where the stream of each channel begins
     * @param sender takes the stream
     * @return the subscription; {@link Subscription#established()} tells when it is in force
     * @throws ChannelsException {@link ErrorCode#UNDECLARED_CHANNEL}, {@link
     *     ErrorCode#INVALID_CHANNEL_NAME}, {@link ErrorCode#NO_CHANNEL}, {@link
     *     ErrorCode#NOT_RUNNING}
     */
    Subscription startSubscription(Collection<String> channels, Start start, EventSender sender);

    /**
     * Makes a subscriber of no channels yet, whose stream is handed to a sender; it joins and
     * leaves channels by its subscription, and stays until that is closed.
     *
     * @param sender takes the stream
     * @return the subscription
     * @throws ChannelsException {@link ErrorCode#NOT_RUNNING}
     */
    Subscription openSubscription(EventSender sender);

    /**
     * Puts history in front of a subscriber's backlog: those of the last {@code limit} events of
     * each channel that it was not given yet. Blocks like {@link #subscribe(Collection, int)}.
     *
     * @param subscriber a subscriber of this plugin
     * @param channels channels that it is subscribed to
     * @param limit how many events per channel at most; negative for all of them, 0 for none
     * @throws ChannelsException {@link ErrorCode#HISTORY_TOO_LARGE} if no task is running and the
     *     backlog has no room for it; {@link ErrorCode#HISTORY_FAILED}, {@link
     *     ErrorCode#UNDECLARED_CHANNEL}, {@link ErrorCode#NO_CHANNEL}, {@link
     *     ErrorCode#NOT_RUNNING}; the backlog is as it was
     */
    void putSubscriberHistory(Subscriber subscriber, Collection<String> channels, int limit);

    /**
     * Tells which clients are there in a channel, over all nodes: those that a policy keeps ({@code
     * channels.policy.<id>.presence}, {@code join-leave}). It does not count subscribers of the
     * application.
     *
     * @param channel the name of the channel
     * @return completes, on a thread of the plugin's executor, with the clients in no order;
     *     exceptionally with a {@link ChannelsException}: {@link ErrorCode#PRESENCE_NOT_KEPT} where
     *     no policy keeps it, {@link ErrorCode#LIMIT_REACHED} where there are more than 10,000
     *     ({@link #presenceStatistics} counts them), {@link ErrorCode#BROKER_UNAVAILABLE}, {@link
     *     ErrorCode#PRESENCE_FAILED}, also where the broker has not answered for 30 seconds
     * @throws ChannelsException {@link ErrorCode#UNDECLARED_CHANNEL}, {@link
     *     ErrorCode#INVALID_CHANNEL_NAME}, {@link ErrorCode#NOT_RUNNING}
     */
    CompletionStage<List<PresentClient>> presence(String channel);

    /**
     * Counts the clients that are there in a channel.
     *
     * @param channel the name of the channel
     * @return completes with the numbers, or exceptionally as {@link #presence} does
     * @throws ChannelsException as {@link #presence} does
     */
    CompletionStage<PresenceStatistics> presenceStatistics(String channel);

    /**
     * Adds a listener that is told of outages of the broker and of gaps.
     *
     * @param listener the listener; one that was added already is not added again
     */
    void addListener(ChannelsListener listener);

    /**
     * Removes a listener.
     *
     * @param listener the listener; one that was not added is left out
     */
    void removeListener(ChannelsListener listener);

    /**
     * Reads the counters.
     *
     * @return a reading of now
     */
    ChannelsStatistics statistics();
}
