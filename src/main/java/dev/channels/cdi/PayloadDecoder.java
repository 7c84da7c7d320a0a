package dev.channels.cdi;

import dev.channels.ChannelEvent;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.BiFunction;

/** Makes of an event what an observer, or a message, has of it. */
final class PayloadDecoder {

    private final BiFunction<String, Type, Object> json;

    /**
     * Makes a decoder.
     *
     * @param json makes an object of a JSON text
     */
    PayloadDecoder(BiFunction<String, Type, Object> json) {
        this.json = json;
    }

    Object decode(ChannelEvent event, Type type) {
        if (type == ChannelEvent.class) {
            return event;
        }
        if (type == byte[].class) {
            return event.data();
        }
        if (type == String.class) {
            return event.text();
        }
        return Objects.requireNonNull(
                json.apply(event.text(), type),
                "The payload is null, of which no object can be made");
    }
}
