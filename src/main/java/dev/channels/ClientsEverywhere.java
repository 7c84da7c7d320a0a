package dev.channels;

import java.util.concurrent.CompletionStage;

/**
 * Clients of the client endpoint, on whatever node of the application they are: those of one user,
 * or one. It is not known whether there is any.
 *
 * <p>What is to be done is done at once on this node. The others hear of it over the broker, by the
 * way that events go, so that they do it soon after; the stages complete when the broker has
 * accepted it, and not when it is done. What a node misses, since it is cut off from the broker or
 * is not there yet, it does not make up for unless the backend keeps history. So whoever may not
 * come back must be refused when he comes ({@link ClientAuthenticator}, {@link ClientAuthorizer}),
 * too.
 *
 * <p>All methods may be called by any thread, and never block. The stages fail with a {@link
 * ChannelsException} ({@link ErrorCode#PUBLISH_FAILED}) if the broker refuses it, or cannot be
 * reached for too long; it is done on this node all the same. A transaction of the caller is not
 * waited for.
 */
public interface ClientsEverywhere {

    /**
     * Subscribes them to a channel, as {@link ConnectedClient#subscribe} does.
     *
     * @param channel the name
     * @return completes when the broker has accepted it
     * @throws ChannelsException {@link ErrorCode#INVALID_CHANNEL_NAME}, {@link
     *     ErrorCode#NOT_RUNNING}
     */
    CompletionStage<Void> subscribe(String channel);

    /**
     * Unsubscribes them from a channel, as {@link ConnectedClient#unsubscribe} does.
     *
     * @param channel the name
     * @return completes when the broker has accepted it
     * @throws ChannelsException {@link ErrorCode#INVALID_CHANNEL_NAME}, {@link
     *     ErrorCode#NOT_RUNNING}
     */
    CompletionStage<Void> unsubscribe(String channel);

    /**
     * Sends them something that belongs to no channel, as {@link ConnectedClient#send} does.
     *
     * @param data encoded as that of {@link ChannelsPlugin#publish(Object, String...)}
     * @return completes when the broker has accepted it
     * @throws ChannelsException {@link ErrorCode#NOT_ENCODABLE}, {@link ErrorCode#NOT_RUNNING}
     */
    CompletionStage<Void> send(Object data);

    /**
     * Ends their connections, as {@link ConnectedClient#disconnect} does.
     *
     * @param reconnect whether they are to connect anew, or to stay away
     * @return completes when the broker has accepted it
     * @throws ChannelsException {@link ErrorCode#NOT_RUNNING}
     */
    CompletionStage<Void> disconnect(boolean reconnect);
}
