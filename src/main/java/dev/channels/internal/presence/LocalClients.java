package dev.channels.internal.presence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
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
 * <p>A call that fails while the broker is there is the fault of some of its channels. Where it is
 * not said of which, each is told alone. A channel that is refused is <em>set aside</em>: it is
 * told again after an interval, then after two, four and so on, and the others go on.
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
    private final WaitingChanges waiting = new WaitingChanges();

    @GuardedBy("this")
    private final Set<String> doubtful = new LinkedHashSet<>();

    /** Those of the doubtful channels that are told alone. */
    @GuardedBy("this")
    private final Set<String> suspect = new LinkedHashSet<>();

    @GuardedBy("this")
    private final ChannelsAside aside = new ChannelsAside();

    @GuardedBy("this")
    private State state = State.RESTING;

    /** The channels of the call under way that the broker is told something new of. */
    @GuardedBy("this")
    private Set<String> calling = Set.of();

    /** All channels of the call under way. */
    @GuardedBy("this")
    private Set<String> called = Set.of();

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

    /** Counts those who are there, each once for each channel. */
    synchronized long count() {
        return clients.values().stream().mapToLong(Map::size).sum();
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
        if (aside.isLeftAlone(change.channel())) {
            return;
        }
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
        waiting.channels().forEach(this::doubt);
        waiting.clear();
    }

    /** A channel without clients that is forgotten here ends by itself: nobody keeps it alive. */
    @GuardedBy("this")
    private void doubt(String channel) {
        if (clients.containsKey(channel) || doubtful.size() < MAX_WAITING) {
            doubtful.add(channel);
        } else {
            doubtful.remove(channel);
            suspect.remove(channel);
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
            called = next instanceof KeepAlive all ? all.clients().keySet() : calling;
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
            waiting.channels().forEach(numbers::remove);
            doubtful.forEach(numbers::remove);
            aside.channels().forEach(numbers::remove);
            if (!numbers.isEmpty()) {
                return new KeepAlive(numbers);
            }
        }
        if (!doubtful.isEmpty()) {
            return new Replace(takeDoubtful());
        }
        return waiting.isEmpty() ? null : new Change(waiting.take(MAX_CHANGES));
    }

    @GuardedBy("this")
    private Map<String, List<PresentClient>> takeDoubtful() {
        Map<String, List<PresentClient>> taken = new LinkedHashMap<>();
        int count = 0;
        boolean alone = !suspect.isEmpty();
        int most = alone ? 1 : MAX_CHANNELS;
        Iterator<String> channels = (alone ? suspect : doubtful).iterator();
        while (channels.hasNext() && taken.size() < most && count < MAX_CHANGES) {
            String channel = channels.next();
            channels.remove();
            if (alone) {
                doubtful.remove(channel);
            }
            List<PresentClient> there =
                    List.copyOf(clients.getOrDefault(channel, Map.of()).values());
            taken.put(channel, there);
            count += there.size();
        }
        // All of a channel is told, what waits of it too.
        waiting.forget(taken.keySet());
        return taken;
    }

    /** The call is done; the broker knows something else of some channels. */
    synchronized void done(Collection<String> different) {
        state = State.RESTING;
        aside.forget(called);
        endCall();
        different.forEach(this::doubt);
    }

    @GuardedBy("this")
    private void endCall() {
        calling = Set.of();
        called = Set.of();
    }

    /** The call failed since the broker is away: nobody knows what it knows. */
    synchronized void failed() {
        state = State.AWAY;
        calling.forEach(this::doubt);
        endCall();
        doubtAllThatWaits();
    }

    /**
     * The call failed, and the broker is there.
     *
     * @param refused the channels that were refused, while the others were not; empty if it is not
     *     known which
     * @return those that are set aside and were not before
     */
    synchronized Set<String> refused(Set<String> refused) {
        state = State.RESTING;
        Set<String> its = called;
        endCall();
        Set<String> known = new LinkedHashSet<>(refused);
        known.retainAll(its);
        if (known.isEmpty() && its.size() > 1) {
            for (String channel : its) {
                doubt(channel);
                if (doubtful.contains(channel)) {
                    suspect.add(channel);
                }
            }
            return Set.of();
        }
        Set<String> faulty = known.isEmpty() ? its : known;
        Set<String> wellAgain = new LinkedHashSet<>(its);
        wellAgain.removeAll(faulty);
        aside.forget(wellAgain);
        Set<String> first = new LinkedHashSet<>(faulty);
        first.removeAll(aside.channels());
        faulty.forEach(this::setAside);
        return first;
    }

    @GuardedBy("this")
    private void setAside(String channel) {
        if (clients.containsKey(channel) || aside.channels().size() < MAX_WAITING) {
            aside.set(channel);
        }
        doubtful.remove(channel);
        suspect.remove(channel);
        waiting.forget(Set.of(channel));
    }

    /** The broker is there again; it may know something else, and refuse something else. */
    synchronized void back() {
        List.copyOf(aside.channels()).forEach(this::tellAgain);
        beginInterval();
    }

    /** An interval is over; the broker may be there again. */
    synchronized void intervalIsOver() {
        aside.endInterval().forEach(this::tellAgain);
        beginInterval();
    }

    @GuardedBy("this")
    private void tellAgain(String channel) {
        if (clients.containsKey(channel)) {
            aside.endPause(channel);
            doubt(channel);
            suspect.add(channel);
        } else {
            // What the broker has of it ends by itself.
            aside.forget(Set.of(channel));
        }
    }

    @GuardedBy("this")
    private void beginInterval() {
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
                        || waiting.channels().contains(channel));
    }

    /** Tells whether the broker is away, so that there is no use in waiting. */
    synchronized boolean isAway() {
        return state == State.AWAY;
    }

    /** All are gone, and nobody comes any more. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        for (String channel : clients.keySet()) {
            if (!aside.isLeftAlone(channel)) {
                doubtful.add(channel);
            }
        }
        clients.clear();
        aside.clear();
        keepAliveDue = false;
    }
}
