package dev.channels.internal.node;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Joined;
import dev.channels.Position;
import dev.channels.Start;
import dev.channels.internal.stream.FollowedChannel;
import dev.channels.internal.task.BackendCalls;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.HistorySlice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber joins one channel at a start, while its other channels flow on:
 *
 * <pre>
 *   the backend subscribes ──▶ READING ──the page ends at the present──▶ flowing
 *                              │ ▲ ▲ │
 *            broker is away ───┘ │ │ └──it ends earlier──▶ the consumer works it off ──┐
 *                    it is back ─┘ └───────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Why nothing is missing between history and live events: live events are held from before the
 * read, and a page counts as ending at the present only if it ends where the channel stood, and
 * that is not before what had been delivered here when the hold began. A page may therefore come
 * from a read that others began, or from what this node has seen.
 */
final class Join {

    /** So many events are read at once, for a consumer that works them off as they come. */
    static final int PAGE = 512;

    /**
     * So many are read after a position that a client names, at first: it may name that of each of
     * its channels, and nobody knows yet how large they are.
     */
    static final int FIRST_PAGE = 64;

    /** About so many bytes have the events that are read at once. */
    private static final int PAGE_BYTES = 1 << 20;

    /** A broker that has lost its newest events, after this node had got them, never gets there. */
    private static final int MOST_OUTDATED = 3;

    private final LocalSubscriber subscriber;
    private final FollowedChannel followed;
    private final Start start;
    private final RunningNode run;
    private final CompletableFuture<Void> established = new CompletableFuture<>();

    /** Where the subscriber stands; null until its stream has begun. */
    private @Nullable Position given;

    /** What had been delivered here when the hold began. */
    private @Nullable Position delivered;

    /** What this node had seen then, and how often it had been cleared. */
    private @Nullable Tail tail;

    private int clearances;

    private boolean joined;

    private int page = FIRST_PAGE;

    /** How many answers in a row were read before something that was delivered here. */
    private int outdated;

    Join(LocalSubscriber subscriber, FollowedChannel followed, Start start, RunningNode run) {
        this.subscriber = subscriber;
        this.followed = followed;
        this.start = start;
        this.run = run;
    }

    /** Completes when the stream of the channel has begun; exceptionally if it never will. */
    CompletableFuture<Void> established() {
        return established;
    }

    String channel() {
        return followed.name();
    }

    /** The backend is subscribed, or cannot be. */
    void subscribed(@Nullable Throwable failure) {
        if (failure == null) {
            read();
        } else {
            refuse(
                    BackendCalls.failed(
                            ErrorCode.SUBSCRIBE_FAILED,
                            "The backend could not subscribe",
                            failure));
        }
    }

    /** Reads what comes next for this subscriber, from memory where it is there. */
    void read() {
        if (!subscriber.mailbox.awaits(followed)) {
            established.complete(null);
            return;
        }
        subscriber.mailbox.holdAgain(followed);
        if (asksNothing(start) || run.history.kept().isEmpty()) {
            give(new Joined(channel(), null, true, 0), List.of(), true);
            return;
        }
        Channel channel = run.registry.channel(channel());
        delivered = channel == null ? null : channel.reached();
        tail = channel == null ? null : channel.tail();
        clearances = tail == null ? 0 : tail.clearances();
        HistorySlice seen = fromTail(tail);
        if (seen != null) {
            took(seen);
            return;
        }
        var unused = question().whenComplete(this::answered);
    }

    /** Tells whether a join at a start reads nothing from the history. */
    static boolean asksNothing(Start start) {
        return start instanceof Start.Last last && last.events() == 0;
    }

    private @Nullable HistorySlice fromTail(@Nullable Tail tail) {
        Position end = tail == null ? null : tail.end();
        if (tail == null || end == null) {
            return null;
        }
        Position from = from();
        List<ChannelEvent> events;
        if (from != null) {
            events = tail.after(from, limit());
        } else if (start instanceof Start.Last last && last.events() > 0) {
            events = tail.last(last.events());
        } else {
            events = start instanceof Start.Now ? List.of() : null;
        }
        if (events == null) {
            return null;
        }
        HistorySlice slice = new HistorySlice(events, end, false);
        return isCurrent(slice) ? slice : null;
    }

    /** Returns the position to read after, or null where the newest events are to be read. */
    private @Nullable Position from() {
        if (given != null) {
            return given;
        }
        return start instanceof Start.After after ? after.position() : null;
    }

    private int limit() {
        return subscriber.mailbox.consumesAtOnce() ? page : Integer.MAX_VALUE;
    }

    /** Reads as many next time as make a page of about the wanted size. */
    private void sizeNextPage(List<ChannelEvent> events) {
        long bytes = 0;
        for (ChannelEvent event : events) {
            bytes += event.size();
        }
        long size = Math.max(1, bytes / events.size());
        page = (int) Math.max(1, Math.min(PAGE, PAGE_BYTES / size));
    }

    private CompletableFuture<HistorySlice> question() {
        Position from = from();
        if (from != null) {
            return run.history.after(channel(), from, limit());
        }
        int wanted = start instanceof Start.Last last ? last.events() : 0;
        if (wanted >= 0 && wanted <= PAGE) {
            return run.history.last(channel(), wanted);
        }
        if (!subscriber.mailbox.consumesAtOnce()) {
            return run.history.last(channel(), wanted);
        }
        // A long history is read forwards, page by page.
        return run.history
                .last(channel(), 0)
                .thenCompose(
                        now -> {
                            Position end = now.position();
                            long first = wanted < 0 ? 0 : Math.max(0, end.offset() - wanted);
                            return run.history.after(
                                    channel(), new Position(end.epoch(), first), page);
                        })
                .thenApply(slice -> new HistorySlice(slice.events(), slice.position(), false));
    }

    private void answered(@Nullable HistorySlice slice, @Nullable Throwable failure) {
        if (slice == null) {
            Throwable reason = failure == null ? new NullPointerException() : failure;
            failed(Causes.of(reason));
        } else if (isCurrent(slice) || ++outdated == MOST_OUTDATED) {
            outdated = 0;
            if (tail != null) {
                tail.fill(slice.events(), endsAt(slice), clearances);
            }
            took(slice);
        } else {
            // It was read before something that was delivered here: too old to join at.
            read();
        }
    }

    /** Tells whether a slice reaches what had been delivered here when the hold began. */
    private boolean isCurrent(HistorySlice slice) {
        Position before = delivered;
        return before == null || !before.isAfter(slice.position());
    }

    private static boolean endsAt(HistorySlice slice) {
        int size = slice.events().size();
        return size > 0 && slice.events().get(size - 1).position().equals(slice.position());
    }

    private void failed(Throwable reason) {
        if (reason instanceof BrokerUnavailableException) {
            run.waiting.add(this::read);
        } else {
            refuse(
                    BackendCalls.failed(
                            ErrorCode.HISTORY_FAILED,
                            "The history of '"
                                    + ChannelNames.printable(channel())
                                    + "' could not be read",
                            reason));
        }
    }

    private void took(HistorySlice slice) {
        List<ChannelEvent> events = slice.gap() ? List.of() : slice.events();
        boolean reached = events.isEmpty() || endsAt(slice);
        if (joined && slice.gap()) {
            subscriber.mailbox.gap(followed);
        }
        Joined beginning = null;
        if (!joined) {
            beginning =
                    new Joined(channel(), beginning(slice, events), !slice.gap(), events.size());
        }
        if (!events.isEmpty()) {
            sizeNextPage(events);
        }
        given = events.isEmpty() ? slice.position() : events.get(events.size() - 1).position();
        give(beginning, events, reached);
    }

    private Position beginning(HistorySlice slice, List<ChannelEvent> events) {
        if (start instanceof Start.After after && !slice.gap()) {
            return after.position();
        }
        if (events.isEmpty()) {
            return slice.position();
        }
        Position first = events.get(0).position();
        return new Position(first.epoch(), first.offset() - 1);
    }

    private void give(@Nullable Joined beginning, List<ChannelEvent> events, boolean reached) {
        joined = true;
        try {
            subscriber.mailbox.give(followed, beginning, events, reached, this::read);
        } catch (ChannelsException e) {
            refuse(e);
            return;
        }
        established.complete(null);
    }

    private void refuse(ChannelsException reason) {
        run.registry.refuse(subscriber, followed, reason);
        established.completeExceptionally(reason);
    }
}
