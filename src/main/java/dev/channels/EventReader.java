package dev.channels;

/**
 * Makes objects of payloads, as a publish makes payloads of objects; to be injected.
 *
 * <p>Safe for use by any thread; not blocking.
 */
public interface EventReader {

    /**
     * Makes an object of the payload of an event.
     *
     * @param event the event
     * @param type what to make of it: {@code String} is the text, {@code byte[]} the bytes, {@code
     *     ChannelEvent} the event itself; of everything else JSON-B makes an object, with the
     *     adapters and deserializers in {@code channels.type-encoders}; no primitive type
     * @param <T> the same
     * @return the object, never null
     * @throws ChannelsException {@link ErrorCode#NOT_READABLE} if no such object can be made, with
     *     the cause; {@link ErrorCode#NOT_TEXT} if the payload is not UTF-8
     */
    <T> T read(ChannelEvent event, Class<T> type);
}
