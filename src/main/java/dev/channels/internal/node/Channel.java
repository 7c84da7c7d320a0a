package dev.channels.internal.node;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel with its subscribers on this node, and whether the backend is subscribed to it. What
 * is wanted (subscribers or none) and what is so are brought together by one backend call at a
 * time:
 *
 * <pre>
 *            first subscriber             done
 *   ABSENT ───────────────▶ SUBSCRIBING ───────▶ PRESENT
 *    ▲  ▲                     │                     │ last subscriber left
 *    │  └──────── failed ─────┘                     ▼
 *    └────────────────────── done ──────────── UNSUBSCRIBING
 * </pre>
 *
 * <p>A subscriber that comes while UNSUBSCRIBING, and one that leaves while SUBSCRIBING, changes
 * what is wanted only; the end of the call under way compares again. All but {@link #forEach},
 * {@link #advance} and what is only shown ({@link #reached}, {@link #subscribers}, {@link #events})
 * is only called inside {@code ConcurrentHashMap.compute} of the registry, which makes it atomic
 * per channel.
 *
 * <p>Why whoever is added and then reads {@link #reached} misses nothing behind it: the fan-out
 * first notes the position and then reads who is there. If the position of an event is not in what
 * is reached, the event was noted later, so that its fan-out finds the newcomer.
 */
final class Channel {

    enum State {
        ABSENT,
        SUBSCRIBING,
        PRESENT,
        UNSUBSCRIBING
    }

    /** What an event is to the ones before it. */
    enum Step {
        NEXT,
        /** The next, but events in between are missing. */
        HOLE,
        DUPLICATE
    }

    private State state = State.ABSENT;

    /** Completes when the backend is subscribed, for those who came before that. */
    private CompletableFuture<Void> present = new CompletableFuture<>();

    /**
     * The subscribers, with nulls for those who left. A place is written once and then only
     * emptied; it is written before {@link #used} grows, and an array before a used that needs it.
     */
    private volatile @Nullable LocalSubscriber[] places = new LocalSubscriber[1];

    private volatile int used;
    private int count;

    /** How many events came; written by the backend's calls, before {@link #last}. */
    private long events;

    /** Where the fan-out stands; written by the backend's calls, which do not overlap. */
    private volatile @Nullable Position last;

    /** Whether a gap was told since the last event; used by the backend's calls only. */
    private volatile boolean gapTold;

    /** What this node has lately seen of the channel, or null where the history needs no cache. */
    private final @Nullable Tail tail;

    Channel(@Nullable Tail tail) {
        this.tail = tail;
    }

    @Nullable Tail tail() {
        return tail;
    }

    /** Calls for each subscriber at this moment. */
    void forEach(Consumer<LocalSubscriber> action) {
        int end = used;
        @Nullable LocalSubscriber[] there = places;
        for (int i = 0; i < end && i < there.length; i++) {
            LocalSubscriber subscriber = there[i];
            if (subscriber != null) {
                action.accept(subscriber);
            }
        }
    }

    /** Steps to a delivered event. */
    Step advance(ChannelEvent event, boolean contiguous) {
        Position position = event.position();
        Position before = last;
        Step step = Step.NEXT;
        if (before != null && before.isComparableTo(position)) {
            if (!position.isAfter(before)) {
                return Step.DUPLICATE;
            }
            if (contiguous && !gapTold && position.offset() > before.offset() + 1) {
                step = Step.HOLE;
            }
        }
        if (tail != null) {
            tail.append(event);
        }
        events++;
        last = position;
        gapTold = false;
        return step;
    }

    /** A gap is told, which lies in front of the next event. */
    void gapTold() {
        gapTold = true;
    }

    /** Returns the position of the last event that was delivered here; null if there was none. */
    @Nullable Position reached() {
        return last;
    }

    /** Returns how many subscribers there are, as far as this thread can see. */
    int subscribers() {
        return used == 0 ? 0 : count;
    }

    /** Returns how many events came, at least up to the position that was reached. */
    long events() {
        return last == null ? 0 : events;
    }

    /** Adds a subscriber; returns what completes when the backend is subscribed. */
    CompletableFuture<Void> add(LocalSubscriber subscriber) {
        @Nullable LocalSubscriber[] now = places;
        int end = used;
        if (end == now.length) {
            now = compacted(Math.max(2, 2 * count));
            end = count;
            now[end] = subscriber;
            places = now;
        } else {
            now[end] = subscriber;
        }
        count++;
        used = end + 1;
        return present;
    }

    void remove(LocalSubscriber subscriber) {
        @Nullable LocalSubscriber[] now = places;
        for (int i = 0; i < used; i++) {
            if (now[i] == subscriber) {
                now[i] = null;
                count--;
                if (count < used / 4) {
                    places = compacted(Math.max(1, 2 * count));
                    used = count;
                }
                return;
            }
        }
    }

    private @Nullable LocalSubscriber[] compacted(int length) {
        @Nullable LocalSubscriber[] less = new LocalSubscriber[length];
        int next = 0;
        for (int i = 0; i < used; i++) {
            if (places[i] != null) {
                less[next++] = places[i];
            }
        }
        return less;
    }

    /** Begins the backend call that is due, if any; the caller then makes it. */
    @Nullable State beginCall() {
        boolean wanted = count > 0;
        if (wanted && state == State.ABSENT) {
            state = State.SUBSCRIBING;
            return state;
        }
        if (!wanted && state == State.PRESENT) {
            state = State.UNSUBSCRIBING;
            present = new CompletableFuture<>();
            return state;
        }
        return null;
    }

    /** Ends the subscribe call well; returns what the caller completes, outside of the map. */
    CompletableFuture<Void> endSubscribe() {
        state = State.PRESENT;
        return present;
    }

    /**
     * Ends the subscribe call for now: the broker is away, and those who wait go on waiting for the
     * next call.
     */
    void endSubscribeUnavailable() {
        state = State.ABSENT;
    }

    /**
     * Ends the subscribe call badly: those who waited for it are out.
     *
     * @return what the caller completes, outside of the map
     */
    CompletableFuture<Void> endSubscribeRefused() {
        CompletableFuture<Void> ended = present;
        state = State.ABSENT;
        present = new CompletableFuture<>();
        places = new LocalSubscriber[1];
        used = 0;
        count = 0;
        return ended;
    }

    /** Ends the unsubscribe call. */
    void endUnsubscribe() {
        state = State.ABSENT;
    }

    /** Tells whether nothing is left to remember. */
    boolean isIdle() {
        return state == State.ABSENT && count == 0;
    }
}
