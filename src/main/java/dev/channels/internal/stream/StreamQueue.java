package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Note;
import dev.channels.Position;
import dev.channels.Refused;
import dev.channels.internal.stream.FollowedChannel.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a mailbox, in the order of the stream: live events within the limits, and among
 * them replays of the history, signals and notes. Not thread-safe; guarded by the lock of its
 * mailbox. Nothing here calls out.
 *
 * <p>The limits bound the live events, those that are held while their channel is joined among
 * them. A replay is not counted while a consumer works it off: it holds references to events that
 * all readers of a history share, a page at a time. History that is put while nobody consumes is
 * backlog like any other, and must fit.
 *
 * <p>A signal is not counted, and never dropped: of each channel one gap at the most stands between
 * two events.
 */
final class StreamQueue {

    /** So many references an empty queue may hold on to for the next burst. */
    private static final int KEPT_CAPACITY = 256;

    private final Limits limits;

    private final FollowedChannels channels = new FollowedChannels();

    /** Holds {@link Delivery} and {@link Replay}. */
    private Deque<Object> items = new ArrayDeque<>(1);

    private @Nullable Deque<FollowedChannel> gapsDue;
    private @Nullable Replay replay;
    private @Nullable Deque<Runnable> reads;
    private int events;
    private long bytes;
    private int replayed;
    private int mostItems;

    StreamQueue(Limits limits) {
        this.limits = limits;
    }

    /** Returns how many events wait. */
    int size() {
        return events + replayed;
    }

    /** Returns how large they are, as the limits count it. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return items.isEmpty() && replay == null && gapsDue == null;
    }

    // ---- Joining and leaving

    /**
     * Begins to follow a channel, anew if it is followed.
     *
     * @param rereadable whether live events that are left out can be read from the history
     */
    FollowedChannel follow(String name, boolean rereadable) {
        leave(name);
        FollowedChannel channel = new FollowedChannel(name, rereadable);
        channels.add(channel);
        return channel;
    }

    /** Ceases to follow a channel; what waits of its live events stays. */
    void leave(String name) {
        FollowedChannel channel = channels.get(name);
        if (channel == null) {
            return;
        }
        uncountHeld(channel);
        channel.moveTo(State.LEFT);
        channels.remove(channel);
    }

    /** Holds again, to read on from the history. */
    void holdAgain(FollowedChannel channel) {
        if (channel.state() == State.BEHIND) {
            channel.moveTo(State.HOLDING);
        }
    }

    private void uncountHeld(FollowedChannel channel) {
        for (Delivery delivery : channel.held()) {
            if (delivery instanceof ChannelEvent event) {
                uncount(event);
            }
        }
    }

    private void fallBehind(FollowedChannel channel) {
        uncountHeld(channel);
        channel.moveTo(State.BEHIND);
    }

    // ---- Live events

    /**
     * Adds a live event.
     *
     * @return the events that were dropped for it, or the event itself; usually empty; null if its
     *     channel is not followed
     */
    @Nullable List<ChannelEvent> add(ChannelEvent event) {
        FollowedChannel channel = channels.get(event.channel());
        if (channel == null) {
            return null;
        }
        return switch (channel.state()) {
            case FLOWING -> channel.covers(event) ? List.of() : admit(channel, event);
            case HOLDING -> hold(channel, event);
            default -> List.of();
        };
    }

    private List<ChannelEvent> hold(FollowedChannel channel, ChannelEvent event) {
        if (hasRoomFor(event)) {
            count(event);
            channel.hold(event);
            return List.of();
        }
        if (channel.canFallBehind()) {
            fallBehind(channel);
            return List.of();
        }
        return switch (limits.strategy()) {
            case BACKOFF -> {
                channel.hold(new Gap(channel.name(), Gap.Cause.BACKLOG));
                yield List.of(event);
            }
            case DROPLEFT -> holdInstead(channel, event);
            case DISCONNECT -> dropAllAnd(event);
        };
    }

    private List<ChannelEvent> holdInstead(FollowedChannel channel, ChannelEvent event) {
        List<ChannelEvent> evicted = new ArrayList<>(1);
        while (!hasRoomFor(event)) {
            ChannelEvent oldest = channel.evictHeld();
            if (oldest == null) {
                // What other channels wait for leaves no room.
                channel.hold(new Gap(channel.name(), Gap.Cause.BACKLOG));
                evicted.add(event);
                return evicted;
            }
            uncount(oldest);
            evicted.add(oldest);
        }
        count(event);
        channel.hold(event);
        return evicted;
    }

    private List<ChannelEvent> admit(FollowedChannel channel, ChannelEvent event) {
        if (hasRoomFor(event)) {
            append(channel, event);
            return List.of();
        }
        return switch (limits.strategy()) {
            case BACKOFF -> {
                loseNewest(channel);
                yield List.of(event);
            }
            case DROPLEFT -> evictFor(channel, event);
            case DISCONNECT -> dropAllAnd(event);
        };
    }

    private List<ChannelEvent> dropAllAnd(ChannelEvent event) {
        List<ChannelEvent> all = removeAll();
        all.add(event);
        return all;
    }

    private boolean hasRoomFor(ChannelEvent event) {
        return limits.admit(events + 1, bytes + Limits.cost(event));
    }

    private void append(FollowedChannel channel, ChannelEvent event) {
        channel.endLoss();
        count(event);
        push(event);
    }

    private void count(ChannelEvent event) {
        events++;
        bytes += Limits.cost(event);
    }

    private void uncount(ChannelEvent event) {
        events--;
        bytes -= Limits.cost(event);
    }

    private void push(Object item) {
        items.addLast(item);
        mostItems = Math.max(mostItems, items.size());
    }

    private void loseNewest(FollowedChannel channel) {
        if (channel.beginLoss()) {
            push(new Gap(channel.name(), Gap.Cause.BACKLOG));
        }
    }

    private List<ChannelEvent> evictFor(FollowedChannel channel, ChannelEvent event) {
        List<ChannelEvent> evicted = new ArrayList<>(1);
        List<Object> spared = new ArrayList<>(0);
        while (!hasRoomFor(event) && !items.isEmpty()) {
            Object oldest = items.removeFirst();
            if (oldest instanceof ChannelEvent lost) {
                uncount(lost);
                evicted.add(lost);
                signalGap(lost.channel(), spared);
            } else {
                spared.add(oldest);
            }
        }
        for (int i = spared.size() - 1; i >= 0; i--) {
            items.addFirst(spared.get(i));
        }
        if (hasRoomFor(event)) {
            append(channel, event);
        } else {
            // What is held, and notes, leave no room.
            loseNewest(channel);
            evicted.add(event);
        }
        return evicted;
    }

    /**
     * Puts a gap where an event was: in front, but behind what its channel's stream begins with.
     */
    private void signalGap(String name, List<Object> before) {
        for (int i = before.size() - 1; i >= 0; i--) {
            Object item = before.get(i);
            if (item instanceof Gap gap && gap.channel().equals(name)) {
                return;
            }
            if (begins(item, name)) {
                before.add(new Gap(name, Gap.Cause.BACKLOG));
                return;
            }
        }
        if (replay != null && begins(replay, name)) {
            before.add(new Gap(name, Gap.Cause.BACKLOG));
        } else {
            oweGap(name);
        }
    }

    private static boolean begins(Object item, String name) {
        if (item instanceof Joined joined) {
            return joined.channel().equals(name);
        }
        return item instanceof Replay past && past.channel().equals(name);
    }

    private void oweGap(String name) {
        FollowedChannel channel = channels.get(name);
        if (channel != null && channel.oweGap()) {
            Deque<FollowedChannel> due = gapsDue;
            if (due == null) {
                due = new ArrayDeque<>(1);
                gapsDue = due;
            }
            due.addLast(channel);
        }
    }

    // ---- Signals and notes

    /** Events are lost between the event before and the next one. */
    void gap(String name) {
        FollowedChannel channel = channels.get(name);
        if (channel == null) {
            return;
        }
        Gap gap = new Gap(name, Gap.Cause.BROKER);
        switch (channel.state()) {
            case FLOWING -> push(gap);
            case HOLDING -> channel.hold(gap);
            default -> {}
        }
    }

    void refuse(FollowedChannel channel, ChannelsException reason) {
        leave(channel.name());
        push(new Refused(channel.name(), reason));
    }

    void note(Note note) {
        bytes += note.size();
        push(note);
    }

    // ---- History, without the events that were given already

    /**
     * Puts the beginning of a channel's stream for a consumer that is at work.
     *
     * @param reached whether the page ends at the present, so that what is held follows it
     * @return what was dropped of that; usually empty
     */
    List<ChannelEvent> replay(
            FollowedChannel channel,
            @Nullable Joined joined,
            List<ChannelEvent> page,
            boolean reached,
            Runnable readOn) {
        if (joined != null) {
            push(joined);
            beginAt(channel, joined.position());
        }
        given(channel, page);
        boolean flows = reached && channel.state() == State.HOLDING;
        if (flows) {
            if (!page.isEmpty()) {
                pushReplay(new Replay(channel, page, null));
            }
            return flow(channel);
        }
        if (channel.state() == State.HOLDING) {
            fallBehind(channel);
        }
        if (page.isEmpty()) {
            wantRead(readOn);
        } else {
            pushReplay(new Replay(channel, page, readOn));
        }
        return List.of();
    }

    private void pushReplay(Replay next) {
        replayed += next.left();
        push(next);
    }

    private static void beginAt(FollowedChannel channel, @Nullable Position position) {
        if (position != null) {
            channel.given(next(position), position);
        }
    }

    private static Position next(Position position) {
        return new Position(position.epoch(), position.offset() + 1);
    }

    private static void given(FollowedChannel channel, List<ChannelEvent> page) {
        if (!page.isEmpty()) {
            channel.given(page.get(0).position(), page.get(page.size() - 1).position());
        }
    }

    /** Puts what is held into the stream, without what the history had. */
    private List<ChannelEvent> flow(FollowedChannel channel) {
        List<Delivery> later = new ArrayList<>();
        channel.held().forEach(later::add);
        uncountHeld(channel);
        channel.moveTo(State.FLOWING);
        List<ChannelEvent> dropped = new ArrayList<>();
        Delivery gap = null;
        for (Delivery delivery : later) {
            if (!(delivery instanceof ChannelEvent event)) {
                gap = delivery;
            } else if (!channel.covers(event)) {
                if (gap != null) {
                    push(gap);
                    gap = null;
                }
                if (limits.endWhenFull() && !dropped.isEmpty()) {
                    dropped.add(event);
                } else {
                    dropped.addAll(admit(channel, event));
                }
            } else {
                // The history had what followed the gap, and what was before it.
                gap = null;
            }
        }
        if (gap != null) {
            push(gap);
        }
        return dropped;
    }

    /**
     * Puts the beginning of a channel's stream while nobody consumes. Live events that came since
     * the subscription count as if they had come after it.
     *
     * @return those of them that were dropped for want of room; usually empty
     * @throws ChannelsException if the history by itself does not fit; nothing has changed then
     */
    List<ChannelEvent> begin(FollowedChannel channel, Joined joined, List<ChannelEvent> history) {
        requireRoom(history, 0, 0);
        push(joined);
        beginAt(channel, joined.position());
        given(channel, history);
        for (ChannelEvent event : history) {
            append(channel, event);
        }
        return flow(channel);
    }

    /** Puts history in front for a consumer that is at work. */
    void replayInFront(Map<String, List<ChannelEvent>> slices) {
        List<Replay> replays = new ArrayList<>();
        slices.forEach(
                (name, history) -> {
                    FollowedChannel channel = flowing(name);
                    if (channel != null) {
                        List<ChannelEvent> fresh = fresh(channel, history);
                        given(channel, fresh);
                        if (!fresh.isEmpty()) {
                            replays.add(new Replay(channel, fresh, null));
                        }
                    }
                });
        Replay current = replay;
        if (current != null && !replays.isEmpty()) {
            replay = null;
            items.addFirst(current);
        }
        for (int i = replays.size() - 1; i >= 0; i--) {
            replayed += replays.get(i).left();
            items.addFirst(replays.get(i));
        }
    }

    /**
     * Puts history in front of what waits, while nobody consumes.
     *
     * @throws ChannelsException if it does not fit; nothing has changed then
     */
    void prepend(Map<String, List<ChannelEvent>> slices) {
        List<ChannelEvent> all = new ArrayList<>();
        slices.forEach(
                (name, history) -> {
                    FollowedChannel channel = flowing(name);
                    if (channel != null) {
                        all.addAll(fresh(channel, history));
                    }
                });
        requireRoom(all, events, bytes);
        slices.forEach(
                (name, history) -> {
                    FollowedChannel channel = flowing(name);
                    if (channel != null) {
                        given(channel, fresh(channel, history));
                    }
                });
        for (int i = all.size() - 1; i >= 0; i--) {
            count(all.get(i));
            items.addFirst(all.get(i));
        }
    }

    /** Returns a channel whose stream has begun, in front of which history can be put; or null. */
    private @Nullable FollowedChannel flowing(String name) {
        FollowedChannel channel = channels.get(name);
        return channel != null && channel.state() == State.FLOWING ? channel : null;
    }

    private static List<ChannelEvent> fresh(FollowedChannel channel, List<ChannelEvent> history) {
        List<ChannelEvent> fresh = new ArrayList<>();
        for (ChannelEvent event : history) {
            if (channel.isNewHistory(event.position())) {
                fresh.add(event);
            }
        }
        return fresh;
    }

    private void requireRoom(List<ChannelEvent> fresh, int waiting, long waitingBytes) {
        long sum = waitingBytes;
        for (ChannelEvent event : fresh) {
            sum += Limits.cost(event);
        }
        if (!fresh.isEmpty() && !limits.admit(waiting + fresh.size(), sum)) {
            throw new ChannelsException(
                    ErrorCode.HISTORY_TOO_LARGE,
                    "A history of "
                            + fresh.size()
                            + " events does not fit into the backlog of a subscriber that nobody"
                            + " consumes: it holds "
                            + waiting
                            + " events, the limit is "
                            + limits.describe()
                            + ". Let the subscriber run before the history is put, ask for less, or"
                            + " raise channels.subscriber-max-backlog.");
        }
    }

    // ---- Taking

    /** Takes the next item of the stream, or null. */
    @Nullable Delivery poll() {
        Delivery gap = pollGap();
        if (gap != null) {
            return gap;
        }
        while (true) {
            ChannelEvent past = pollReplay();
            if (past != null) {
                return past;
            }
            Object item = items.pollFirst();
            if (item == null) {
                return null;
            }
            shrink();
            if (item instanceof Replay next) {
                replay = next;
            } else {
                if (item instanceof ChannelEvent event) {
                    uncount(event);
                } else if (item instanceof Note note) {
                    bytes -= note.size();
                }
                return (Delivery) item;
            }
        }
    }

    private @Nullable Gap pollGap() {
        Deque<FollowedChannel> due = gapsDue;
        if (due == null) {
            return null;
        }
        FollowedChannel channel = due.removeFirst();
        channel.paidGap();
        if (due.isEmpty()) {
            gapsDue = null;
        }
        return new Gap(channel.name(), Gap.Cause.BACKLOG);
    }

    private @Nullable ChannelEvent pollReplay() {
        Replay current = replay;
        if (current == null) {
            return null;
        }
        int left = current.left();
        ChannelEvent event = current.poll();
        replayed -= left - current.left();
        if (current.left() == 0) {
            replay = null;
            Runnable readOn = current.readOn();
            if (readOn != null) {
                wantRead(readOn);
            }
        }
        return event;
    }

    private void wantRead(Runnable readOn) {
        Deque<Runnable> wanted = reads;
        if (wanted == null) {
            wanted = new ArrayDeque<>(1);
            reads = wanted;
        }
        wanted.addLast(readOn);
    }

    /** Takes what reads the next page of a replay, to be run without the lock; or null. */
    @Nullable Runnable takeRead() {
        Deque<Runnable> wanted = reads;
        if (wanted == null) {
            return null;
        }
        Runnable read = wanted.removeFirst();
        if (wanted.isEmpty()) {
            reads = null;
        }
        return read;
    }

    boolean hasRead() {
        return reads != null;
    }

    /** Gives up what a burst has made an empty queue hold on to: there may be thousands of it. */
    private void shrink() {
        if (mostItems > KEPT_CAPACITY && items.isEmpty()) {
            items = new ArrayDeque<>(1);
            mostItems = 0;
        }
    }

    /** Removes all that waits, and returns the events of it. */
    List<ChannelEvent> removeAll() {
        List<ChannelEvent> all = new ArrayList<>();
        if (replay != null) {
            replay.drainTo(all);
            replay = null;
        }
        for (Object item : items) {
            if (item instanceof ChannelEvent event) {
                all.add(event);
            } else if (item instanceof Replay next) {
                next.drainTo(all);
            }
        }
        for (FollowedChannel channel : channels.all()) {
            for (Delivery delivery : channel.held()) {
                if (delivery instanceof ChannelEvent event) {
                    all.add(event);
                }
            }
            channel.moveTo(State.LEFT);
        }
        channels.clear();
        items.clear();
        gapsDue = null;
        reads = null;
        events = 0;
        bytes = 0;
        replayed = 0;
        shrink();
        return all;
    }

    /** The consumer may finish: what is held goes its way, what is behind stays out. */
    List<ChannelEvent> release() {
        List<ChannelEvent> dropped = new ArrayList<>();
        for (FollowedChannel channel : channels.all()) {
            if (channel.state() == State.HOLDING) {
                dropped.addAll(flow(channel));
            }
        }
        reads = null;
        return dropped;
    }
}
