package dev.channels.backend.redis.pubsub;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was heard of each publisher of one channel: tells what comes again, and where something is
 * missing. Bounded: a publisher not heard of while 64 others published is forgotten.
 *
 * <ul>
 *   <li>The events of one publisher come in the order of their numbers. So one whose number is not
 *       above the greatest heard comes again, over whatever link; or it comes too late, behind
 *       others, and is lost.
 *   <li>Who has heard of a publisher over this link was subscribed then, and is to get all that it
 *       publishes from there on. So one whose {@link Predecessors predecessor} is above the
 *       greatest heard has a hole before it.
 *   <li>The first that is heard of a publisher over a link tells of no hole: what is before it can
 *       be older than the subscription. What a link lost with its end is told by the outage.
 * </ul>
 */
final class Publishers {

    /** How an event stands to those that came before it. */
    enum Arrival {
        REPEATED,
        NEXT,
        BEHIND_A_HOLE
    }

    private static final int REMEMBERED = 64;

    private static final class Heard {
        private final long publisher;
        private long sequence = Predecessors.UNKNOWN;
        private int link = -1;

        Heard(long publisher) {
            this.publisher = publisher;
        }
    }

    /** The one heard of last is at the end. */
    private final Map<Long, Heard> all =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Heard> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /** Mostly the next one again. */
    private Heard last = new Heard(0);

    /**
     * Takes an event.
     *
     * @param link the number of the link that it came over, from 0
     */
    Arrival take(int link, long publisher, long sequence, long predecessor) {
        if (publisher != last.publisher) {
            last = all.computeIfAbsent(publisher, Heard::new);
        }
        boolean isHeardBefore = last.link == link;
        last.link = link;
        if (sequence <= last.sequence) {
            return Arrival.REPEATED;
        }
        boolean isHole = isHeardBefore && predecessor > last.sequence;
        last.sequence = sequence;
        return isHole ? Arrival.BEHIND_A_HOLE : Arrival.NEXT;
    }
}
