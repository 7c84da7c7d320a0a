package dev.channels;

import org.jspecify.annotations.Nullable;

/**
 * Answers what clients ask of the application over the client endpoint. An application has at most
 * one bean of this type; without one, clients are told that there is nobody to ask.
 *
 * <p>The methods are called on a managed thread, which they may block; the calls of one client come
 * one after another. No request context is active.
 */
public interface ClientCalls {

    /**
     * Answers a call (the {@code rpc} of the SDKs).
     *
     * @param call who calls, and what
     * @return the answer, encoded as the data of {@link ChannelsPlugin#publish(Object, String...)}
     *     is; null for none
     * @throws ClientRefusedException to tell the client why not
     * @throws Exception is logged once per episode; the client is told of an internal error, and
     *     may try again
     */
    @Nullable Object rpc(ClientCall call) throws Exception;

    /**
     * Takes what a client sends without wanting an answer. Does nothing unless implemented.
     *
     * @param message who sends, and what; its method is empty
     * @throws Exception is logged once per episode
     */
    default void send(ClientCall message) throws Exception {}
}
