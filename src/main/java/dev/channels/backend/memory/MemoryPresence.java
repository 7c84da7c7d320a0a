package dev.channels.backend.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.spi.BackendSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who is there, from a start to the next stop. There is one node, which ends together with this, so
 * that nothing has to be kept alive. Safe for use by any thread within the contract.
 */
final class MemoryPresence {

    private final BackendSink sink;
    private final Predicate<String> subscribed;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<String, Room> channels = new HashMap<>();

    /** Who is there in one channel. Counts users as they come and go, not when it is asked. */
    private static final class Room {
        final Map<String, PresentClient> clients = new LinkedHashMap<>();
        private final Map<String, Integer> users = new HashMap<>();

        /** Returns whether the client was not there. */
        boolean enter(PresentClient client) {
            users.merge(client.user(), 1, Integer::sum);
            PresentClient before = clients.put(client.id(), client);
            if (before != null) {
                forget(before);
            }
            return before == null;
        }

        /** Returns whether the client was there. */
        boolean leave(String id) {
            PresentClient gone = clients.remove(id);
            if (gone != null) {
                forget(gone);
            }
            return gone != null;
        }

        private void forget(PresentClient gone) {
            users.computeIfPresent(gone.user(), (user, count) -> count == 1 ? null : count - 1);
        }

        PresenceStatistics statistics() {
            return new PresenceStatistics(clients.size(), users.size());
        }
    }

    MemoryPresence(BackendSink sink, Predicate<String> subscribed) {
        this.sink = sink;
        this.subscribed = subscribed;
    }

    void change(List<PresenceChange> changes) {
        List<PresenceChange> seen = new ArrayList<>();
        synchronized (lock) {
            for (PresenceChange change : changes) {
                if (apply(change)) {
                    seen.add(change);
                }
            }
        }
        push(seen);
    }

    /** Returns whether it is a change to others. */
    @GuardedBy("lock")
    private boolean apply(PresenceChange change) {
        String channel = change.channel();
        PresentClient client = change.client();
        if (change.entered()) {
            return channels.computeIfAbsent(channel, name -> new Room()).enter(client);
        }
        Room room = channels.get(channel);
        if (room == null || !room.leave(client.id())) {
            return false;
        }
        if (room.clients.isEmpty()) {
            channels.remove(channel);
        }
        return true;
    }

    private void push(List<PresenceChange> seen) {
        for (PresenceChange change : seen) {
            if (subscribed.test(change.channel())) {
                sink.presenceChanged(change);
            }
        }
    }

    Set<String> different(Map<String, Integer> clients) {
        Map<String, Integer> others = new HashMap<>(clients);
        synchronized (lock) {
            channels.forEach((channel, room) -> others.remove(channel, room.clients.size()));
        }
        return Set.copyOf(others.keySet());
    }

    void replace(Map<String, ? extends Collection<PresentClient>> clients) {
        List<PresenceChange> changes = new ArrayList<>();
        synchronized (lock) {
            clients.forEach(
                    (channel, wanted) -> {
                        Map<String, PresentClient> gone = new LinkedHashMap<>(clientsOf(channel));
                        wanted.forEach(client -> gone.remove(client.id()));
                        gone.values()
                                .forEach(it -> changes.add(new PresenceChange(channel, it, false)));
                        wanted.forEach(it -> changes.add(new PresenceChange(channel, it, true)));
                    });
        }
        change(changes);
    }

    List<PresentClient> clients(String channel, int limit) {
        synchronized (lock) {
            return clientsOf(channel).values().stream().limit(limit).toList();
        }
    }

    @GuardedBy("lock")
    private Map<String, PresentClient> clientsOf(String channel) {
        Room room = channels.get(channel);
        return room == null ? Map.of() : room.clients;
    }

    PresenceStatistics statistics(String channel) {
        synchronized (lock) {
            Room room = channels.get(channel);
            return room == null ? new PresenceStatistics(0, 0) : room.statistics();
        }
    }
}
