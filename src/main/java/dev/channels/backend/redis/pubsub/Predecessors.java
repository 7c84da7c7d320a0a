package dev.channels.backend.redis.pubsub;

import dev.channels.spi.Publication;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Knows the predecessor of each event on each of its channels: the sequence number of a publication
 * of this node that went there before. Who gets the event, and has got neither its predecessor nor
 * a later one, lacks something.
 *
 * <ul>
 *   <li>A predecessor is one that Redis has taken, or takes before it takes the event: one that was
 *       accepted, or one of the same batch, sent before. There can be others in between: a
 *       predecessor that is too old makes no hole where none is.
 *   <li>Of the same batch counts what goes to this channel alone. Redis refuses it only where it
 *       refuses the event too; what goes to several channels it can refuse because of another one.
 *   <li>A batch that is repeated gets the same predecessors again: nothing of it counts as accepted
 *       before it is known that it does not come again.
 *   <li>Bounded: a channel not published to while 10,000 others were is forgotten. Then the
 *       predecessor is {@link #UNKNOWN}, which makes no hole either.
 * </ul>
 *
 * <p>Touched by the loop only.
 */
final class Predecessors {

    /** Below all sequence numbers. */
    static final long UNKNOWN = -1;

    private static final int CHANNELS = 10_000;

    /** By channel; the one asked for or published to last is at the end. */
    private final Map<String, Long> accepted =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > CHANNELS;
                }
            };

    /** By channel, of the batch that is being sent. */
    private Map<String, Long> sent = Map.of();

    /** Begins with the first event of a batch, for the first time or again. */
    void beginBatch() {
        sent = new HashMap<>();
    }

    /** Returns the predecessor of the next event on one of its channels. */
    long of(String channel) {
        Long inBatch = sent.get(channel);
        return inBatch != null ? inBatch : accepted.getOrDefault(channel, UNKNOWN);
    }

    /** Takes an event that is sent, after its predecessors were asked for. */
    void sent(Publication publication) {
        if (publication.channels().size() == 1) {
            sent.put(publication.channels().iterator().next(), publication.sequence());
        }
    }

    /** Takes what was accepted of a batch that does not come again. */
    void accepted(Collection<Publication> publications) {
        for (Publication publication : publications) {
            for (String channel : publication.channels()) {
                accepted.put(channel, publication.sequence());
            }
        }
    }
}
