package dev.channels.internal.presence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The clients of this node, channel by channel, and what the broker has to be told of them: one
 * call at a time.
 *
 * <pre>
 *            something is due               done
 *   RESTING ─────────────────▶ CALLING ───────────▶ RESTING
 *      ▲                          │ failed
 *      └──the broker is back, ── AWAY
 *          or an interval is over
 * </pre>
 *
 * <p>Changes are told one by one, in their order, as long as the broker is there. What it does not
 * know for sure of a channel makes the channel <em>doubtful</em>: it is then told all at once which
 * clients are there. So an outage costs no more memory than the clients that there are, and who
 * came and went meanwhile is told to nobody.
 *
 * <p>Safe for use by any thread; calls nobody.
 */
final class LocalClients {

    /** What the backend is to be told next. */
    sealed interface Call permits Change, KeepAlive, Replace {}

    /** Clients have come and gone. */
    record Change(List<PresenceChange> changes) implements Call {}

    /** All are still there. */
    record KeepAlive(Map<String, Integer> clients) implements Call {}

    /** Who is there in channels that were doubtful. */
    record Replace(Map<String, List<PresentClient>> clients) implements Call {}

    private enum State {
        RESTING,
        CALLING,
        AWAY
    }

    /** The bounds of one call. */
    private static final int MAX_CHANGES = 500;

    private static final int MAX_CHANNELS = 100;

    /** So many changes wait; beyond it their channels are doubtful. */
    private static final int MAX_WAITING = 10_000;

    @GuardedBy("this")
    private final Map<String, Map<String, PresentClient>> clients = new HashMap<>();

    @GuardedBy("this")
    private final List<PresenceChange> waiting = new ArrayList<>();

    @GuardedBy("this")
    private final Set<String> doubtful = new LinkedHashSet<>();

    @GuardedBy("this")
    private State state = State.RESTING;

    /** The channels of the call under way. */
    @GuardedBy("this")
    private Set<String> calling = Set.of();

    @GuardedBy("this")
    private boolean keepAliveDue;

    @GuardedBy("this")
    private boolean closed;

    // ---- Who comes and goes

    synchronized void enter(String channel, PresentClient client) {
        if (closed) {
            return;
        }
        PresentClient before =
                clients.computeIfAbsent(channel, name -> new HashMap<>()).put(client.id(), client);
        if (!client.equals(before)) {
            changed(new PresenceChange(channel, client, true));
        }
    }

    synchronized void leave(String channel, String id) {
        Map<String, PresentClient> there = clients.get(channel);
        PresentClient gone = there == null ? null : there.remove(id);
        if (there == null || gone == null) {
            return;
        }
        if (there.isEmpty()) {
            clients.remove(channel);
        }
        changed(new PresenceChange(channel, gone, false));
    }

    @GuardedBy("this")
    private void changed(PresenceChange change) {
        if (state == State.AWAY || doubtful.contains(change.channel())) {
            doubt(change.channel());
            return;
        }
        waiting.add(change);
        if (waiting.size() > MAX_WAITING) {
            doubtAllThatWaits();
        }
    }

    @GuardedBy("this")
    private void doubtAllThatWaits() {
        waiting.forEach(change -> doubt(change.channel()));
        waiting.clear();
    }

    /** A channel without clients that is forgotten here ends by itself: nobody keeps it alive. */
    @GuardedBy("this")
    private void doubt(String channel) {
        if (clients.containsKey(channel) || doubtful.size() < MAX_WAITING) {
            doubtful.add(channel);
        } else {
            doubtful.remove(channel);
        }
    }

    // ---- Calls

    /** Begins the call that is due, or returns null: there is none, or one is under way. */
    synchronized @Nullable Call begin() {
        if (state != State.RESTING) {
            return null;
        }
        Call next = next();
        if (next != null) {
            state = State.CALLING;
            calling = channelsOf(next);
        }
        return next;
    }

    private static Set<String> channelsOf(Call call) {
        if (call instanceof Change change) {
            Set<String> channels = new LinkedHashSet<>();
            change.changes().forEach(one -> channels.add(one.channel()));
            return channels;
        }
        return call instanceof Replace replace ? replace.clients().keySet() : Set.of();
    }

    @GuardedBy("this")
    private @Nullable Call next() {
        if (keepAliveDue) {
            keepAliveDue = false;
            Map<String, Integer> numbers = new HashMap<>();
            clients.forEach((channel, there) -> numbers.put(channel, there.size()));
            // What waits is not in the broker yet, and what is doubtful comes next.
            waiting.forEach(change -> numbers.remove(change.channel()));
            doubtful.forEach(numbers::remove);
            if (!numbers.isEmpty()) {
                return new KeepAlive(numbers);
            }
        }
        if (!doubtful.isEmpty()) {
            return new Replace(takeDoubtful());
        }
        if (waiting.isEmpty()) {
            return null;
        }
        List<PresenceChange> some = waiting.subList(0, Math.min(MAX_CHANGES, waiting.size()));
        Change change = new Change(List.copyOf(some));
        some.clear();
        return change;
    }

    @GuardedBy("this")
    private Map<String, List<PresentClient>> takeDoubtful() {
        Map<String, List<PresentClient>> taken = new LinkedHashMap<>();
        int count = 0;
        Iterator<String> channels = doubtful.iterator();
        while (channels.hasNext() && taken.size() < MAX_CHANNELS && count < MAX_CHANGES) {
            String channel = channels.next();
            channels.remove();
            List<PresentClient> there =
                    List.copyOf(clients.getOrDefault(channel, Map.of()).values());
            taken.put(channel, there);
            count += there.size();
        }
        // All of a channel is told, what waits of it too.
        waiting.removeIf(change -> taken.containsKey(change.channel()));
        return taken;
    }

    /** The call is done; the broker knows something else of some channels. */
    synchronized void done(Collection<String> different) {
        state = State.RESTING;
        calling = Set.of();
        different.forEach(this::doubt);
    }

    /** The call failed: nobody knows what the broker knows. */
    synchronized void failed() {
        state = State.AWAY;
        calling.forEach(this::doubt);
        calling = Set.of();
        doubtAllThatWaits();
    }

    /** The broker may be there again. */
    synchronized void back() {
        if (state == State.AWAY) {
            state = State.RESTING;
        }
        keepAliveDue = true;
    }

    /** Tells whether there is anything to be kept alive, or to be told. */
    synchronized boolean isBusy() {
        return !clients.isEmpty() || !waiting.isEmpty() || !doubtful.isEmpty();
    }

    /** Tells whether the broker is about to be told something of a channel. */
    synchronized boolean isUntold(String channel) {
        return state != State.AWAY
                && (calling.contains(channel)
                        || doubtful.contains(channel)
                        || waiting.stream().anyMatch(it -> it.channel().equals(channel)));
    }

    /** Tells whether the broker is away, so that there is no use in waiting. */
    synchronized boolean isAway() {
        return state == State.AWAY;
    }

    /** All are gone, and nobody comes any more. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        doubtful.addAll(clients.keySet());
        clients.clear();
        keepAliveDue = false;
    }
}
