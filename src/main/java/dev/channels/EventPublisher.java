package dev.channels;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Publishes events to channels: the plugin itself, and what it returns for publishes after the
 * commit of a transaction ({@link ChannelsPlugin#afterCommit()}) or at once ({@link
 * ChannelsPlugin#atOnce()}).
 *
 * <p>All methods are safe for use by any thread. The names of channels keep the rule of {@link
 * ChannelsPlugin}. No argument may be null. Later versions may add methods: do not implement this
 * interface.
 */
public interface EventPublisher {

    /**
     * Publishes data to channels and returns at once; never waits for a subscriber, a socket or the
     * broker. Events that one thread publishes to one channel are delivered in this order to every
     * subscriber. A failure after this method has returned is counted and logged once per episode;
     * {@link #waitPublished} tells its caller instead.
     *
     * <p>A {@code byte[]} is the payload as it is (copied), text is encoded as UTF-8, everything
     * else as JSON by JSON-B; encoding happens in the calling thread.
     *
     * @param data the data
     * @param channels the names of the channels
     * @throws ChannelsException {@link ErrorCode#NOT_ENCODABLE}, {@link ErrorCode#EVENT_TOO_LARGE},
     *     {@link ErrorCode#UNDECLARED_CHANNEL}, {@link ErrorCode#INVALID_CHANNEL_NAME}, {@link
     *     ErrorCode#NO_CHANNEL}, {@link ErrorCode#NOT_RUNNING}; nothing was published
     */
    default void publish(Object data, String... channels) {
        publish(data, List.of(channels));
    }

    /**
     * Publishes data to channels and returns at once.
     *
     * @param data the data
     * @param channels the names of the channels
     * @see #publish(Object, String...)
     */
    void publish(Object data, Collection<String> channels);

    /**
     * Publishes data with headers to channels and returns at once.
     *
     * @param data the data
     * @param headers what travels with the payload: names of 1 to 64 ASCII letters, digits, dots,
     *     underscores and hyphens, values without control characters, 4,096 bytes in all; copied
     * @param channels the names of the channels
     * @throws ChannelsException {@link ErrorCode#INVALID_HEADERS}, and as {@link #publish(Object,
     *     String...)} does
     * @see #publish(Object, String...)
     */
    void publish(Object data, Map<String, String> headers, Collection<String> channels);

    /**
     * Publishes data to the channel of a user, which only that user can subscribe to: on whatever
     * node, over however many connections. It need not be declared. A user who is not connected is
     * sent it later as far as the backend keeps history.
     *
     * @param data the data
     * @param user the name of the user ({@link Caller#name()}), exactly; 1 to 199 characters that
     *     can stand in the name of a channel
     * @throws ChannelsException {@link ErrorCode#INVALID_CHANNEL_NAME} if the name can have no
     *     channel, and as {@link #publish(Object, String...)} does
     * @see UserChannels
     */
    default void publishToUser(Object data, String user) {
        publish(data, UserChannels.of(user));
    }

    /**
     * Publishes data to channels and tells when the broker accepted the event.
     *
     * @param data the data
     * @param channels the names of the channels
     * @return a stage that completes, on a thread of the plugin's executor, when the broker
     *     accepted the event for all channels; exceptionally with a {@link ChannelsException}
     *     ({@link ErrorCode#PUBLISH_FAILED}, {@link ErrorCode#PUBLISH_QUEUE_FULL}, {@link
     *     ErrorCode#NOT_RUNNING}) when it did not, which what is chained to the stage sees as the
     *     cause of a {@link java.util.concurrent.CompletionException}. The stage is not the
     *     caller's to complete
     * @throws ChannelsException as {@link #publish(Object, String...)} does
     */
    default CompletionStage<Void> waitPublished(Object data, String... channels) {
        return waitPublished(data, List.of(channels));
    }

    /**
     * Publishes data to channels and tells when the broker accepted the event.
     *
     * @param data the data
     * @param channels the names of the channels
     * @return as {@link #waitPublished(Object, String...)}
     */
    default CompletionStage<Void> waitPublished(Object data, Collection<String> channels) {
        return waitPublished(data, Map.of(), channels);
    }

    /**
     * Publishes data with headers to channels and tells when the broker accepted the event.
     *
     * @param data the data
     * @param headers as {@link #publish(Object, Map, Collection)}
     * @param channels the names of the channels
     * @return as {@link #waitPublished(Object, String...)}
     */
    CompletionStage<Void> waitPublished(
            Object data, Map<String, String> headers, Collection<String> channels);

    /**
     * Publishes data to channels and tells when the broker accepted the event: the same as {@link
     * #waitPublished(Object, String...)}, which is the name that Litestar gives it and does not
     * wait either.
     *
     * @param data the data
     * @param channels the names of the channels
     * @return as {@link #waitPublished(Object, String...)}
     * @throws ChannelsException as {@link #publish(Object, String...)} does
     */
    default CompletionStage<Void> publishAsync(Object data, String... channels) {
        return waitPublished(data, channels);
    }

    /**
     * Publishes data with headers to channels and tells when the broker accepted the event: the
     * same as {@link #waitPublished(Object, Map, Collection)}.
     *
     * @param data the data
     * @param headers as {@link #publish(Object, Map, Collection)}
     * @param channels the names of the channels
     * @return as {@link #waitPublished(Object, String...)}
     * @throws ChannelsException as {@link #publish(Object, Map, Collection)} does
     */
    default CompletionStage<Void> publishAsync(
            Object data, Map<String, String> headers, Collection<String> channels) {
        return waitPublished(data, headers, channels);
    }
}
