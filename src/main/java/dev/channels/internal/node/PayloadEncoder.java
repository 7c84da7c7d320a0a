package dev.channels.internal.node;

import dev.channels.ChannelsException;

/** Turns the data of a publish into the payload of an event, in the thread that publishes. */
@FunctionalInterface
public interface PayloadEncoder {

    /**
     * Encodes data.
     *
     * @param data the data
     * @return the bytes, belonging to the caller from now on
     * @throws ChannelsException {@link dev.channels.ErrorCode#NOT_ENCODABLE} with the cause and the
     *     name of the data's type
     */
    byte[] encode(Object data);
}
