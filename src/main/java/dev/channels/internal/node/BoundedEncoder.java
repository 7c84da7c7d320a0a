package dev.channels.internal.node;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;

/**
 * Refuses what is larger than all that may wait for the broker.
 *
 * @param encoder makes the payload
 * @param maxBytes how large it may be
 */
record BoundedEncoder(PayloadEncoder encoder, long maxBytes) implements PayloadEncoder {

    @Override
    public byte[] encode(Object data) {
        byte[] payload = encoder.encode(data);
        if (payload.length > maxBytes) {
            throw new ChannelsException(
                    ErrorCode.EVENT_TOO_LARGE,
                    "An event of "
                            + payload.length
                            + " bytes is larger than all that may wait for the broker"
                            + " (channels.publish-queue-max-bytes is "
                            + maxBytes
                            + "). Publish less, or a reference to it.");
        }
        return payload;
    }
}
