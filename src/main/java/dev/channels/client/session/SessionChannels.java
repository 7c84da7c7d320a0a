package dev.channels.client.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The channels that one client is subscribed to, or about to be. Changed by one task at a time. */
final class SessionChannels {

    /** Each with the command that asked for it; 0 where the application did. */
    private final Map<String, Long> commands = new HashMap<>();

    private final Set<String> permitted = new HashSet<>();

    /** Those of which the client is told who comes and goes; read by any thread. */
    private final Set<String> told = ConcurrentHashMap.newKeySet(1);

    /** All of them, for whoever asks; replaced with each change. */
    private volatile Set<String> shown = Set.of();

    void add(String channel, long command) {
        commands.put(channel, command);
        shown = Set.copyOf(commands.keySet());
    }

    /** The client may be subscribed to a channel. */
    void permit(String channel, boolean tells) {
        permitted.add(channel);
        if (tells) {
            told.add(channel);
        }
    }

    /** Returns false if the channel is none of them. */
    boolean remove(String channel) {
        permitted.remove(channel);
        told.remove(channel);
        if (commands.remove(channel) == null) {
            return false;
        }
        shown = Set.copyOf(commands.keySet());
        return true;
    }

    void clear() {
        commands.clear();
        permitted.clear();
        told.clear();
        shown = Set.of();
    }

    boolean contains(String channel) {
        return commands.containsKey(channel);
    }

    /** Tells whether a channel is still followed as this command wished, and as no later one. */
    boolean isWish(String channel, long command) {
        return Long.valueOf(command).equals(commands.get(channel));
    }

    boolean isPermitted(String channel) {
        return permitted.contains(channel);
    }

    boolean isTold(String channel) {
        return told.contains(channel);
    }

    int size() {
        return commands.size();
    }

    /** Returns the names, which do not change; by any thread. */
    Set<String> names() {
        return shown;
    }
}
