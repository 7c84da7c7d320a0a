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
    private final Map<String, Map<String, PresentClient>> channels = new HashMap<>();

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
            return channels.computeIfAbsent(channel, name -> new LinkedHashMap<>())
                            .put(client.id(), client)
                    == null;
        }
        Map<String, PresentClient> there = channels.get(channel);
        if (there == null || there.remove(client.id()) == null) {
            return false;
        }
        if (there.isEmpty()) {
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
            channels.forEach((channel, there) -> others.remove(channel, there.size()));
        }
        return Set.copyOf(others.keySet());
    }

    void replace(Map<String, ? extends Collection<PresentClient>> clients) {
        List<PresenceChange> changes = new ArrayList<>();
        synchronized (lock) {
            clients.forEach(
                    (channel, wanted) -> {
                        Map<String, PresentClient> gone =
                                new LinkedHashMap<>(channels.getOrDefault(channel, Map.of()));
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
            return channels.getOrDefault(channel, Map.of()).values().stream().limit(limit).toList();
        }
    }

    PresenceStatistics statistics(String channel) {
        synchronized (lock) {
            Collection<PresentClient> there = channels.getOrDefault(channel, Map.of()).values();
            long users = there.stream().map(PresentClient::user).distinct().count();
            return new PresenceStatistics(there.size(), (int) users);
        }
    }
}
