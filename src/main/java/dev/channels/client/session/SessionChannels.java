package dev.channels.client.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The channels that one client is subscribed to, or about to be. Changed by one task at a time. */
final class SessionChannels {

    /** That the client is to be in a channel. */
    private static final class Wish {

        /** The command that asked for it; 0 where the application did. */
        private final long command;

        private boolean permitted;

        Wish(long command) {
            this.command = command;
        }
    }

    private final Map<String, Wish> wishes = new HashMap<>();

    /** Those of which the client is told who comes and goes; replaced with each change. */
    private volatile Set<String> told = Set.of();

    /** All of them, for whoever asks; replaced with each change. */
    private volatile Set<String> shown = Set.of();

    void add(String channel, long command) {
        wishes.put(channel, new Wish(command));
        shown = Set.copyOf(wishes.keySet());
    }

    /** The client may be subscribed to a channel, if it still wants to. */
    void permit(String channel, boolean tells) {
        Wish wish = wishes.get(channel);
        if (wish != null) {
            wish.permitted = true;
            if (tells) {
                Set<String> more = new HashSet<>(told);
                more.add(channel);
                told = Set.copyOf(more);
            }
        }
    }

    /** Returns false if the channel is none of them. */
    boolean remove(String channel) {
        if (told.contains(channel)) {
            Set<String> fewer = new HashSet<>(told);
            fewer.remove(channel);
            told = Set.copyOf(fewer);
        }
        if (wishes.remove(channel) == null) {
            return false;
        }
        shown = Set.copyOf(wishes.keySet());
        return true;
    }

    void clear() {
        wishes.clear();
        told = Set.of();
        shown = Set.of();
    }

    boolean contains(String channel) {
        return wishes.containsKey(channel);
    }

    /** Tells whether a channel is still followed as this command wished, and as no later one. */
    boolean isWish(String channel, long command) {
        Wish wish = wishes.get(channel);
        return wish != null && wish.command == command;
    }

    boolean isPermitted(String channel) {
        Wish wish = wishes.get(channel);
        return wish != null && wish.permitted;
    }

    /** Tells whether the client is told of a channel; by any thread. */
    boolean isTold(String channel) {
        return told.contains(channel);
    }

    int size() {
        return wishes.size();
    }

    /** Returns the names, which do not change; by any thread. */
    Set<String> names() {
        return shown;
    }
}
