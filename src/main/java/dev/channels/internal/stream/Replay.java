package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.internal.stream.FollowedChannel.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of history that waits in a queue: a place in a list that all who read the same history
 * share. Ends early where its channel is left. Guarded by the lock of the mailbox.
 */
final class Replay {

    private final FollowedChannel channel;
    private final List<ChannelEvent> page;
    private final @Nullable Runnable readOn;
    private int next;

    /**
     * Begins with the first event.
     *
     * @param readOn reads the next page once this one is consumed; null for the last page
     */
    Replay(FollowedChannel channel, List<ChannelEvent> page, @Nullable Runnable readOn) {
        this.channel = channel;
        this.page = page;
        this.readOn = readOn;
    }

    String channel() {
        return channel.name();
    }

    int left() {
        return page.size() - next;
    }

    /** Takes the next event; null if the channel is left, after which nothing is left here. */
    @Nullable ChannelEvent poll() {
        if (isCut()) {
            next = page.size();
            return null;
        }
        return page.get(next++);
    }

    /** Returns what reads on, or null. */
    @Nullable Runnable readOn() {
        return isCut() ? null : readOn;
    }

    private boolean isCut() {
        return channel.state() == State.LEFT;
    }

    void drainTo(List<ChannelEvent> all) {
        all.addAll(page.subList(next, page.size()));
        next = page.size();
    }
}
