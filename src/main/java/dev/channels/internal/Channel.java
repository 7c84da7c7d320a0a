package dev.channels.internal;

import dev.channels.Position;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One channel with its members, and whether the backend is subscribed to it. What is wanted
 * (members or none) and what is so are brought together by one backend call at a time:
 *
 * <pre>
 *            first member                 done
 *   ABSENT ───────────────▶ SUBSCRIBING ───────▶ PRESENT
 *    ▲  ▲                     │                     │ last member left
 *    │  └──────── failed ─────┘                     ▼
 *    └────────────────────── done ──────────── UNSUBSCRIBING
 * </pre>
 *
 * <p>A member that comes while UNSUBSCRIBING, and one that leaves while SUBSCRIBING, changes what
 * is wanted only; the end of the call under way compares again. All but {@link #members} and {@link
 * #advance} is only called inside {@code ConcurrentHashMap.compute} of the registry, which makes it
 * atomic per channel.
 */
final class Channel {

    enum State {
        ABSENT,
        SUBSCRIBING,
        PRESENT,
        UNSUBSCRIBING
    }

    private static final Member[] NOBODY = {};

    private State state = State.ABSENT;

    /** Completes when the backend is subscribed, for those who came before that. */
    private CompletableFuture<Void> present = new CompletableFuture<>();

    /** Replaced, never changed, so that fan-out reads it without a lock. */
    private volatile Member[] members = NOBODY;

    /** Where the fan-out stands; written by the backend's calls, which do not overlap. */
    private volatile @Nullable Position last;

    /** Returns the members at this moment; not to be changed. */
    Member[] members() {
        return members;
    }

    /** Steps to the position of a delivered event; false if it was here before. */
    boolean advance(Position position) {
        Position before = last;
        if (before != null && before.isComparableTo(position) && !position.isAfter(before)) {
            return false;
        }
        last = position;
        return true;
    }

    /** Adds a member; returns what completes when the backend is subscribed. */
    CompletableFuture<Void> add(Member member) {
        Member[] more = Arrays.copyOf(members, members.length + 1);
        more[more.length - 1] = member;
        members = more;
        return present;
    }

    void remove(Member member) {
        Member[] before = members;
        for (int i = 0; i < before.length; i++) {
            if (before[i] == member) {
                Member[] less = Arrays.copyOf(before, before.length - 1);
                System.arraycopy(before, i + 1, less, i, less.length - i);
                members = less.length == 0 ? NOBODY : less;
                return;
            }
        }
    }

    /** Begins the backend call that is due, if any; the caller then makes it. */
    @Nullable State beginCall() {
        boolean wanted = members.length > 0;
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

    /**
     * Ends the subscribe call. After a failure the members that waited for it are out.
     *
     * @return what the caller completes, outside of the map
     */
    CompletableFuture<Void> endSubscribe(boolean subscribed) {
        CompletableFuture<Void> ended = present;
        if (subscribed) {
            state = State.PRESENT;
        } else {
            state = State.ABSENT;
            present = new CompletableFuture<>();
            members = NOBODY;
        }
        return ended;
    }

    /** Ends the unsubscribe call. */
    void endUnsubscribe() {
        state = State.ABSENT;
    }

    /** Tells whether nothing is left to remember. */
    boolean isIdle() {
        return state == State.ABSENT && members.length == 0;
    }
}
