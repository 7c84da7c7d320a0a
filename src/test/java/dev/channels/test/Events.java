package dev.channels.test;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.HistorySlice;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/** Makes events. */
public final class Events {

    private Events() {}

    /** An event whose text is its offset. */
    public static ChannelEvent event(String channel, long offset) {
        return event(channel, "epoch", offset);
    }

    public static ChannelEvent event(String channel, String epoch, long offset) {
        return event(channel, epoch, offset, String.valueOf(offset));
    }

    public static ChannelEvent event(String channel, String epoch, long offset, String text) {
        return new ChannelEvent(
                channel, new Position(epoch, offset), text.getBytes(StandardCharsets.UTF_8));
    }

    /** An event with a payload of so many bytes. */
    public static ChannelEvent sized(String channel, long offset, int bytes) {
        return new ChannelEvent(channel, new Position("epoch", offset), new byte[bytes]);
    }

    /** The events from one offset to another, both included. */
    public static List<ChannelEvent> events(String channel, long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(offset -> event(channel, offset)).toList();
    }

    /** A slice without a gap, of a channel that stands at its last event. */
    public static HistorySlice slice(List<ChannelEvent> events) {
        Position position =
                events.isEmpty()
                        ? new Position("epoch", 0)
                        : events.get(events.size() - 1).position();
        return new HistorySlice(events, position, false);
    }

    public static List<Long> offsets(Collection<ChannelEvent> events) {
        return events.stream().map(event -> event.position().offset()).toList();
    }

    public static List<String> texts(Collection<ChannelEvent> events) {
        return events.stream().map(ChannelEvent::text).toList();
    }
}
