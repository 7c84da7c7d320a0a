package dev.channels.backend.redis.streams;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.redis.command.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads events out of the answers of the scripts. */
final class StreamEvents {

    private StreamEvents() {}

    /** Reads pairs of id and payload, from an index to the end. */
    static List<ChannelEvent> of(String channel, String epoch, List<Object> reply, int from) {
        List<ChannelEvent> events = new ArrayList<>((reply.size() - from) / 2);
        for (int i = from; i < reply.size(); i += 2) {
            StreamId id = Objects.requireNonNull(StreamId.parse(Text.of(reply.get(i))));
            events.add(
                    new ChannelEvent(
                            channel, new Position(epoch, id.offset()), (byte[]) reply.get(i + 1)));
        }
        return events;
    }
}
