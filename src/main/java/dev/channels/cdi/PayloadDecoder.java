package dev.channels.cdi;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.EventReader;
import dev.channels.spi.ChannelNames;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.BiFunction;

/** Makes of an event what an observer, or a message, has of it. */
final class PayloadDecoder implements EventReader {

    private final BiFunction<String, Type, Object> json;

    /**
     * Makes a decoder.
     *
     * @param json makes an object of a JSON text
     */
    PayloadDecoder(BiFunction<String, Type, Object> json) {
        this.json = json;
    }

    @Override
    public <T> T read(ChannelEvent event, Class<T> type) {
        try {
            return type.cast(decode(event, type));
        } catch (ChannelsException e) {
            throw e; // it says what is wrong with the text
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw new ChannelsException(
                    ErrorCode.NOT_READABLE,
                    "The event at "
                            + event.position()
                            + " of channel '"
                            + ChannelNames.printable(event.channel())
                            + "' cannot be read as "
                            + type.getName()
                            + ". Ask for the type that was published, or read text() or data().",
                    e);
        }
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
