package dev.channels.backend.redis.streams;

import dev.channels.ChannelEvent;
import dev.channels.backend.redis.command.Text;
import java.util.List;

/**
 * What the read script answers.
 *
 * @param epoch the life that the stream is in; empty if it is in none
 * @param head the offset of the last event in that life
 * @param gap whether events between the position asked for and these are gone
 * @param complete whether nothing follows
 * @param events the events, oldest first
 */
record StreamPage(
        String epoch, long head, boolean gap, boolean complete, List<ChannelEvent> events) {

    static StreamPage of(String channel, List<Object> reply) {
        String epoch = Text.of(reply.get(0));
        return new StreamPage(
                epoch,
                (Long) reply.get(1),
                (Long) reply.get(2) == 1,
                (Long) reply.get(3) == 1,
                StreamEvents.of(channel, epoch, reply, 4));
    }

    /** The offset to read on from. */
    long end() {
        return complete || events.isEmpty()
                ? head
                : events.get(events.size() - 1).position().offset();
    }
}
