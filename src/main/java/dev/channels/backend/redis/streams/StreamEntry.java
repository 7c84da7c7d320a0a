package dev.channels.backend.redis.streams;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.redis.command.EventBytes;
import org.jspecify.annotations.Nullable;

/**
 * An event with its id.
 *
 * @param id where it stands
 * @param event the event, or null if its form is unknown here
 * @param version the version of its form; 0 if it has none that a backend of ours wrote
 */
record StreamEntry(StreamId id, @Nullable ChannelEvent event, int version) {

    static StreamEntry of(String channel, String epoch, StreamId id, byte[] body) {
        int version = EventBytes.version(body);
        if (version != EventBytes.VERSION) {
            return new StreamEntry(id, null, version);
        }
        try {
            EventBytes bytes = EventBytes.decode(body, 0);
            return new StreamEntry(
                    id,
                    new ChannelEvent(
                            channel,
                            new Position(epoch, id.offset()),
                            body,
                            bytes.payload(),
                            bytes.headers()),
                    version);
        } catch (IllegalArgumentException e) {
            return new StreamEntry(id, null, 0);
        }
    }
}
