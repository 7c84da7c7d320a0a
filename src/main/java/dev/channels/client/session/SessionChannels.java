package dev.channels.client.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

    /** Those of which the client is told who comes and goes; read by any thread. */
    private final Set<String> told = ConcurrentHashMap.newKeySet(1);

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
                told.add(channel);
            }
        }
    }

    /** Returns false if the channel is none of them. */
    boolean remove(String channel) {
        told.remove(channel);
        if (wishes.remove(channel) == null) {
            return false;
        }
        shown = Set.copyOf(wishes.keySet());
        return true;
    }

    void clear() {
        wishes.clear();
        told.clear();
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
