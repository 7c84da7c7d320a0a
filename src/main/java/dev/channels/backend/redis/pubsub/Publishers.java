package dev.channels.backend.redis.pubsub;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last sequence number seen of each publisher of one channel. Bounded: a publisher not heard of
 * while 64 others published is forgotten.
 */
final class Publishers {

    private static final int REMEMBERED = 64;

    // The publisher heard of last, apart from the others: mostly it is the next one again.
    private long recent;
    private long recentSequence = -1;

    private final Map<Long, Long> others =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /** Remembers a publication, and tells whether it is none that was seen before. */
    boolean isNew(long publisher, long sequence) {
        if (publisher != recent) {
            others.remove(recent);
            others.put(recent, recentSequence);
            Long seen = others.remove(publisher);
            recent = publisher;
            recentSequence = seen == null ? -1 : seen;
        }
        if (sequence <= recentSequence) {
            return false;
        }
        recentSequence = sequence;
        return true;
    }
}
