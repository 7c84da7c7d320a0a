package dev.channels.client.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the two encodings, JSON or Protobuf. Safe for use by any thread.
 *
 * <p>A frame is made in two steps, so that what goes to many sockets is encoded once: messages are
 * encoded, each for itself, and {@linkplain #frame joined}.
 */
public interface Codec {

    /**
     * Reads a frame of a client. Never throws, whatever the frame has, and needs no more memory
     * than a small multiple of the frame's size.
     *
     * @param frame a frame; one of the other encoding's kind is a fault
     * @return the commands, and what is wrong
     */
    Decoded decode(Encoded frame);

    /**
     * Encodes a message; one that is alone in its frame is a frame already.
     *
     * @param message what is to be sent
     * @return what a client reads
     */
    Encoded encode(ServerMessage message);

    /**
     * Encodes a publication, for any number of messages.
     *
     * <p>In JSON, a payload is embedded as it is if it is JSON, without its line breaks; other text
     * is sent as a JSON string.
     *
     * @param publication an event
     * @return the publication, or null if this encoding cannot carry the payload: JSON cannot where
     *     it is not UTF-8
     */
    @Nullable EncodedPublication publication(Publication publication);

    /**
     * Joins messages.
     *
     * @param messages what {@link #encode} returned, at least one
     * @return what goes into one frame, in this order
     */
    Encoded frame(List<? extends Encoded> messages);

    /**
     * Encodes the push of a publication, which all subscribers of the channel share.
     *
     * @param channel its name
     * @param publication the event
     * @return what a client reads
     */
    default Encoded push(String channel, EncodedPublication publication) {
        return encode(new ServerMessage.Push(channel, new PushContent.Published(publication)));
    }
}
