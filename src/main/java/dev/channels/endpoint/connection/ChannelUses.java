package dev.channels.endpoint.connection;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Which undeclared channels clients have brought into being: those that they are subscribed to, and
 * those that they have published to within the last hour, which the broker may keep. Used under the
 * lock of whoever has it.
 */
final class ChannelUses {

    private static final long KEPT_NANOS = 3_600_000_000_000L;

    /** So often those are looked for that nobody uses any more, where there is no room. */
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private static final class Use {
        private int subscribers;
        private boolean published;
        private long publishedAt;
    }

    private final int max;
    private final Map<String, Use> uses = new HashMap<>();
    private boolean swept;
    private long sweptAt;

    /** Makes an empty one for so many channels. */
    ChannelUses(int max) {
        this.max = max;
    }

    /** Returns false if there is no room for another channel. */
    boolean hasRoomFor(String channel, long now) {
        if (uses.size() >= max && !uses.containsKey(channel)) {
            sweep(now);
        }
        return uses.size() < max || uses.containsKey(channel);
    }

    /** Somebody subscribes; false if there is no room for the channel. */
    boolean subscribe(String channel, long now) {
        boolean room = hasRoomFor(channel, now);
        if (room) {
            uses.computeIfAbsent(channel, name -> new Use()).subscribers++;
        }
        return room;
    }

    /** Somebody who has subscribed does no more. */
    void unsubscribe(String channel) {
        Use use = uses.get(channel);
        if (use != null && --use.subscribers == 0 && !use.published) {
            uses.remove(channel);
        }
    }

    /** Somebody publishes; false if there is no room for the channel. */
    boolean publish(String channel, long now) {
        boolean room = hasRoomFor(channel, now);
        if (room) {
            Use use = uses.computeIfAbsent(channel, name -> new Use());
            use.published = true;
            use.publishedAt = now;
        }
        return room;
    }

    private void sweep(long now) {
        if (swept && now - sweptAt < SWEEP_NANOS) {
            return;
        }
        swept = true;
        sweptAt = now;
        Iterator<Use> each = uses.values().iterator();
        while (each.hasNext()) {
            Use use = each.next();
            use.published &= now - use.publishedAt < KEPT_NANOS;
            if (use.subscribers == 0 && !use.published) {
                each.remove();
            }
        }
    }
}
