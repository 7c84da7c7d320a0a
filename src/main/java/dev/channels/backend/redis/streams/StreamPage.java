package dev.channels.backend.redis.streams;

import dev.channels.Position;
import dev.channels.backend.redis.command.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the read script answers.
 *
 * @param epoch the life that the stream is in; empty if it is in none
 * @param head the id of the last event in that life
 * @param gap whether events between the position asked for and these are gone
 * @param complete whether nothing follows
 * @param entries the events, oldest first
 */
record StreamPage(
        String epoch, StreamId head, boolean gap, boolean complete, List<StreamEntry> entries) {

    static StreamPage of(String channel, List<Object> reply) {
        String epoch = Text.of(reply.get(0));
        return new StreamPage(
                epoch,
                new StreamId((Long) reply.get(1), (Long) reply.get(2)),
                (Long) reply.get(3) == 1,
                (Long) reply.get(4) == 1,
                entries(channel, epoch, reply, 5));
    }

    /** Reads pairs of id and body, from an index of a script's answer to its end. */
    static List<StreamEntry> entries(String channel, String epoch, List<Object> reply, int from) {
        List<StreamEntry> entries = new ArrayList<>((reply.size() - from) / 2);
        for (int i = from; i < reply.size(); i += 2) {
            StreamId id = Objects.requireNonNull(StreamId.parse(Text.of(reply.get(i))));
            entries.add(StreamEntry.of(channel, epoch, id, (byte[]) reply.get(i + 1)));
        }
        return entries;
    }

    /** The id to read on from. */
    StreamId end() {
        return complete || entries.isEmpty() ? head : entries.get(entries.size() - 1).id();
    }

    /** Returns where a channel stands; where Redis refuses to say, no event follows on that. */
    static Position position(String epoch, long offset) {
        return new Position(epoch.isEmpty() ? "none" : epoch, offset);
    }
}
