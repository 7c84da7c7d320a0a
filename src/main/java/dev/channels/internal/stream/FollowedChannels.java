package dev.channels.internal.stream;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one stream by name. Most streams have one, which is then found without a map, and
 * without the memory of one. Not thread-safe; guarded by the lock of the mailbox.
 */
final class FollowedChannels {

    /** The one that is followed; null if there is none, or more. */
    private @Nullable FollowedChannel only;

    /** All, where there has been more than one. */
    private @Nullable Map<String, FollowedChannel> many;

    @Nullable FollowedChannel get(String name) {
        FollowedChannel one = only;
        if (one != null) {
            return one.name().equals(name) ? one : null;
        }
        return many == null ? null : many.get(name);
    }

    /** Adds a channel whose name is not there. */
    void add(FollowedChannel channel) {
        FollowedChannel first = only;
        if (many == null && first == null) {
            only = channel;
            return;
        }
        Map<String, FollowedChannel> all = many;
        if (all == null) {
            all = new HashMap<>();
            many = all;
        }
        if (first != null) {
            all.put(first.name(), first);
            only = null;
        }
        all.put(channel.name(), channel);
    }

    void remove(FollowedChannel channel) {
        if (only == channel) {
            only = null;
        } else if (many != null) {
            many.remove(channel.name(), channel);
            if (many.isEmpty()) {
                many = null;
            }
        }
    }

    /** Returns them all, in a collection of their own. */
    Collection<FollowedChannel> all() {
        if (many != null) {
            return List.copyOf(many.values());
        }
        return only == null ? List.of() : List.of(only);
    }

    void clear() {
        only = null;
        many = null;
    }
}
