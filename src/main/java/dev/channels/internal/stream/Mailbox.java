package dev.channels.internal.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.BackgroundTask;
import dev.channels.Backlog;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Joined;
import dev.channels.Note;
import dev.channels.OfferResult;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.Durations;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.ReadyJobs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backlog of one subscriber and its one consumer: a thread that iterates ({@link
 * BlockingConsumer}), or a {@link Drain} that sends in the background.
 *
 * <p>What happens is decided in {@link StreamState}, under the lock, and done here, without it: the
 * lock is never held across a call of the application, a sender, a read or the executor. Whoever
 * makes the stream leave OPEN calls {@code onClosed}, once.
 */
public final class Mailbox implements Backlog, DrainedStream {

    private final Limits limits;
    private final DrainPools pools;
    private final Counters counters;
    private final NodeLog log;
    private final Runnable onClosed;

    private final StreamState state;

    @GuardedBy("state")
    private Consumer<? super ChannelEvent> droppedHook = event -> {};

    @GuardedBy("state")
    private long droppedCount;

    @GuardedBy("state")
    private @Nullable Drain drain;

    /** Made for the first thread that iterates: most mailboxes have a drain. */
    @GuardedBy("state")
    private @Nullable BlockingConsumer blocking;

    /**
     * Makes a mailbox.
     *
     * @param limits bounds it
     * @param pools serve its drain
     * @param counters count what is lost
     * @param log is told of what is lost
     * @param onClosed called once, with no lock held, when the stream takes no more events
     */
    public Mailbox(
            Limits limits, DrainPools pools, Counters counters, NodeLog log, Runnable onClosed) {
        this.limits = limits;
        this.pools = pools;
        this.counters = counters;
        this.log = log;
        this.onClosed = onClosed;
        this.state = new StreamState(limits);
    }

    // ---- Joining and leaving

    /**
     * Begins to follow a channel: its live events are held until the stream of the channel begins.
     *
     * @param channel the name
     * @param rereadable whether live events that are left out can be read from the history
     * @return what the beginning is given with
     */
    public FollowedChannel follow(String channel, boolean rereadable) {
        synchronized (state) {
            return state.queue.follow(channel, rereadable);
        }
    }

    /**
     * Ceases to follow a channel. What waits of its live events stays in the stream.
     *
     * @param channel the name
     */
    public void leave(String channel) {
        synchronized (state) {
            state.queue.leave(channel);
        }
    }

    /**
     * Tells whether the beginning of a channel's stream can still be given.
     *
     * @param channel from {@link #follow}
     * @return false once the channel was left, or the stream takes no more events
     */
    public boolean awaits(FollowedChannel channel) {
        synchronized (state) {
            return state.isOpen() && channel.state() != FollowedChannel.State.LEFT;
        }
    }

    /**
     * Tells whether history is worked off while it comes, so that it may be larger than the limits.
     *
     * @return whether a background task consumes the stream
     */
    public boolean consumesAtOnce() {
        return isRunning();
    }

    /**
     * Gives a part of a channel's history, in front of the live events that are held. Does nothing
     * once the channel was left, or the stream takes no more events: those that came are on their
     * way to the consumer then, and history must not come behind them.
     *
     * @param channel from {@link #follow}
     * @param joined the beginning; null where this continues it
     * @param page the events, oldest first; shared, never changed
     * @param reached whether the page ends at the present
     * @param readOn has the next page read, from the last event given; called when this page is
     *     consumed, and only if the stream is not at the present then
     * @throws ChannelsException if nobody consumes and it could never fit; nothing has changed then
     */
    public void give(
            FollowedChannel channel,
            @Nullable Joined joined,
            List<ChannelEvent> page,
            boolean reached,
            Runnable readOn) {
        Loss loss;
        Drain ready;
        Runnable read = null;
        synchronized (state) {
            if (!state.isOpen() || channel.state() == FollowedChannel.State.LEFT) {
                return;
            }
            List<ChannelEvent> lost =
                    joined != null && !state.isRunning()
                            ? state.queue.begin(channel, joined, page)
                            : state.queue.replay(channel, joined, page, reached, readOn);
            loss = lost.isEmpty() ? null : lose(lost, lost.get(lost.size() - 1));
            if (!state.isRunning()) {
                read = state.queue.takeRead();
            }
            ready = wakeConsumer();
        }
        enqueue(ready);
        if (loss != null) {
            tellAside(loss);
        }
        if (read != null) {
            read.run();
        }
    }

    /**
     * Holds the live events of a channel again, before the next page of its history is read.
     *
     * @param channel from {@link #follow}
     */
    public void holdAgain(FollowedChannel channel) {
        synchronized (state) {
            state.queue.holdAgain(channel);
        }
    }

    /**
     * Says in the stream that a channel cannot be joined, and ceases to follow it. The consumer is
     * not woken: this may be called under the lock of a channel.
     *
     * @param channel from {@link #follow}
     * @param reason why
     * @return false if the channel was left already, or followed anew, or the stream takes no more
     *     events; nothing has changed then
     */
    public boolean refuse(FollowedChannel channel, ChannelsException reason) {
        synchronized (state) {
            if (!state.isOpen() || channel.state() == FollowedChannel.State.LEFT) {
                return false;
            }
            state.queue.refuse(channel, reason);
            return true;
        }
    }

    /** Wakes the consumer, if there is something for it. */
    public void wake() {
        Drain ready;
        synchronized (state) {
            ready = wakeConsumer();
        }
        enqueue(ready);
    }

    /**
     * Puts a gap into the stream between two pages of a channel's history.
     *
     * @param channel from {@link #follow}; left out if it was left meanwhile
     */
    public void gap(FollowedChannel channel) {
        synchronized (state) {
            if (!state.isOpen() || channel.state() == FollowedChannel.State.LEFT) {
                return;
            }
            state.queue.gap(channel.name());
        }
        wake();
    }

    // ---- Producers

    @Override
    public OfferResult offer(ChannelEvent event, Consumer<? super ChannelEvent> dropped) {
        return offer(event, dropped, null);
    }

    /**
     * Adds an event, as one of many mailboxes that get it.
     *
     * @param event the event
     * @param dropped called with each event that is dropped
     * @param others takes what is to be queued, to be handed over by the caller; null to have it
     *     queued at once
     * @return what became of it
     */
    public OfferResult offer(
            ChannelEvent event,
            Consumer<? super ChannelEvent> dropped,
            @Nullable ReadyJobs others) {
        Loss loss;
        Drain ready;
        synchronized (state) {
            if (!state.isOpen()) {
                return OfferResult.CLOSED;
            }
            List<ChannelEvent> lost = state.queue.add(event);
            if (lost == null) {
                return OfferResult.CLOSED;
            }
            if (counters.durations() != Durations.NONE) {
                state.time(event);
            }
            if (droppedHook != dropped) {
                droppedHook = dropped;
            }
            loss = lost.isEmpty() ? null : lose(lost, event);
            ready = wakeConsumer();
        }
        if (ready != null && others != null) {
            ready.enqueue(others);
        } else {
            enqueue(ready);
        }
        if (loss == null) {
            return OfferResult.ACCEPTED;
        }
        tell(loss);
        if (loss.endsStream()) {
            return OfferResult.CLOSED;
        }
        return loss.events().contains(event)
                ? OfferResult.DROPPED_NEWEST
                : OfferResult.DROPPED_OLDEST;
    }

    /**
     * Puts a gap into the stream: events of a channel are lost to this node.
     *
     * @param channel the name of the channel
     */
    public void gap(String channel) {
        Drain ready;
        synchronized (state) {
            if (!state.isOpen()) {
                return;
            }
            state.queue.gap(channel);
            ready = wakeConsumer();
        }
        enqueue(ready);
    }

    /**
     * Puts a note of the stream's owner into it. It is never dropped, and counts in the backlog by
     * its size.
     *
     * @param note the note
     * @return false if the stream takes nothing more
     */
    public boolean put(Note note) {
        Drain ready;
        synchronized (state) {
            if (!state.isOpen()) {
                return false;
            }
            state.queue.note(note);
            ready = wakeConsumer();
        }
        enqueue(ready);
        return true;
    }

    /** Notes what was dropped, which must be told after the lock. */
    @GuardedBy("state")
    private Loss lose(List<ChannelEvent> events, ChannelEvent newest) {
        Loss loss = new Loss(events, newest, limits, droppedHook);
        droppedCount += events.size();
        state.lost(events);
        if (loss.endsStream()) {
            state.end(loss.exception());
        }
        return loss;
    }

    private void tell(Loss loss) {
        counters.dropped.add(loss.events().size());
        if (loss.endsStream()) {
            onClosed.run();
        }
        log.warn(ErrorCode.EVENTS_DROPPED, () -> loss.describe(consumerName()), null);
        loss.tellHook();
    }

    /** Tells what was dropped where nobody is called who could be told that a hook threw. */
    private void tellAside(Loss loss) {
        try {
            tell(loss);
        } catch (Throwable e) {
            counters.applicationFailures.increment();
            log.warn(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    () -> "A hook for dropped events threw; the stream goes on.",
                    e);
        }
    }

    private String consumerName() {
        Drain current = drain();
        return current == null ? "a subscriber without a background task" : current.toString();
    }

    // ---- History that is put in front later

    /**
     * Puts history in front of the backlog, without what was given already.
     *
     * @param history the events of each channel, oldest first
     * @throws ChannelsException if nobody consumes and it does not fit; nothing has changed then
     */
    public void prepend(Map<String, List<ChannelEvent>> history) {
        Drain ready;
        synchronized (state) {
            if (!state.isOpen()) {
                return;
            }
            if (drain == null) {
                state.queue.prepend(history);
            } else {
                state.queue.replayInFront(history);
            }
            ready = wakeConsumer();
        }
        enqueue(ready);
    }

    // ---- Consumers

    @Override
    public BackgroundTask drainTo(Consumer<? super ChannelEvent> callback) {
        return start(CallbackSender.ofEvents(callback, counters), pools.callbacks());
    }

    @Override
    public BackgroundTask drainDeliveriesTo(Consumer<? super Delivery> callback) {
        return start(CallbackSender.ofDeliveries(callback, counters), pools.callbacks());
    }

    @Override
    public BackgroundTask drainTo(EventSender sender) {
        return start(sender, pools.senders());
    }

    private BackgroundTask start(EventSender sender, DrainPool pool) {
        Drain started = new Drain(this, sender, pool, counters, log);
        Drain ready;
        synchronized (state) {
            if (drain != null || isIterated() || state.isEnded()) {
                throw new IllegalStateException(
                        state.isEnded()
                                ? "The stream of this subscriber has ended; subscribe anew."
                                : "This subscriber has a consumer already; it can have only one.");
            }
            drain = started;
            state.beginDraining(sender);
            ready = wakeConsumer();
        }
        enqueue(ready);
        return started;
    }

    @Override
    public Iterable<Delivery> deliveries() {
        synchronized (state) {
            requireNoTask();
        }
        return () -> new DeliveryIterator(() -> take(Long.MAX_VALUE));
    }

    @Override
    public void endIteration() {
        synchronized (state) {
            if (blocking != null) {
                blocking.leave();
            }
        }
    }

    @Override
    public @Nullable Delivery poll(Duration patience) {
        return take(Math.max(0, patience.toNanos()));
    }

    /** Waits for the next item; null at the end of the stream, in vain, or after an interrupt. */
    private @Nullable Delivery take(long patienceNanos) {
        synchronized (state) {
            requireNoTask();
            BlockingConsumer consumer = blocking;
            if (consumer == null) {
                consumer = new BlockingConsumer(state, limits.joinTimeout());
                blocking = consumer;
            }
            return consumer.take(state, patienceNanos);
        }
    }

    @GuardedBy("state")
    private boolean isIterated() {
        return blocking != null && blocking.isWaiting();
    }

    @GuardedBy("state")
    private void requireNoTask() {
        if (state.isRunning()) {
            throw new IllegalStateException(
                    "A background task consumes this subscriber; it can have only one consumer.");
        }
    }

    // ---- The drain's side

    @Override
    public Object next(Turn asking) {
        Object next;
        long time;
        synchronized (state) {
            next = state.next(asking.takeCompletedHere());
            if (next == StreamState.Step.NOTHING) {
                asking.leave(0);
            }
            time = state.takeTime();
        }
        tellTime(time);
        return next;
    }

    private void tellTime(long nanos) {
        if (nanos != SendTimer.NOTHING) {
            counters.durations().sent(nanos);
        }
    }

    @Override
    public @Nullable Runnable takeRead() {
        synchronized (state) {
            return state.queue.takeRead();
        }
    }

    @Override
    public void endTurn(Turn ending) {
        long time;
        synchronized (state) {
            ending.leave(state.endTurn(ending.takeCompletedHere()));
            time = state.takeTime();
        }
        tellTime(time);
    }

    @Override
    public boolean complete(int sends) {
        boolean settled;
        Drain ready;
        long time;
        synchronized (state) {
            if (state.isEnded()) {
                return true;
            }
            settled = state.settle(sends) == 0;
            ready = state.becomeReady() ? drain : null;
            time = state.takeTime();
        }
        enqueue(ready);
        tellTime(time);
        return settled;
    }

    @Override
    public void over() {
        int lost;
        synchronized (state) {
            lost = state.over();
        }
        counters.discarded.add(lost);
    }

    @Override
    public int remaining() {
        synchronized (state) {
            return state.remaining();
        }
    }

    // ---- The end

    @Override
    public void stop(boolean join) {
        if (!join) {
            end(null);
            return;
        }
        close();
        awaitConsumer();
    }

    @Override
    public void close() {
        Drain ready;
        Loss loss;
        synchronized (state) {
            if (!state.isOpen()) {
                return;
            }
            state.close();
            List<ChannelEvent> lost = state.queue.release();
            loss = lost.isEmpty() ? null : lose(lost, lost.get(lost.size() - 1));
            ready = wakeConsumer();
        }
        enqueue(ready);
        if (loss != null) {
            tellAside(loss);
        }
        if (loss == null || !loss.endsStream()) {
            onClosed.run();
        }
    }

    @Override
    public void end(@Nullable Throwable cause) {
        boolean wasOpen;
        Drain ready;
        synchronized (state) {
            if (state.isEnded()) {
                return;
            }
            counters.discarded.add(state.queue.removeAll().size());
            wasOpen = state.isOpen();
            state.end(cause);
            ready = wakeConsumer();
        }
        enqueue(ready);
        if (wasOpen) {
            onClosed.run();
        }
    }

    private void awaitConsumer() {
        Drain running;
        synchronized (state) {
            running = drain;
            if (running == null) {
                if (blocking != null) {
                    blocking.awaitEnd(state);
                }
                return;
            }
        }
        running.awaitEnd();
    }

    // ---- Reading

    /**
     * Returns how large the events are that wait.
     *
     * @return bytes, as the limits count them
     */
    public long bytes() {
        synchronized (state) {
            return state.queue.bytes();
        }
    }

    @Override
    public int size() {
        synchronized (state) {
            return state.queue.size();
        }
    }

    @Override
    public long droppedCount() {
        synchronized (state) {
            return droppedCount;
        }
    }

    @Override
    public boolean isRunning() {
        synchronized (state) {
            return state.isRunning();
        }
    }

    /**
     * Tells whether the stream takes events.
     *
     * @return whether it does
     */
    public boolean isOpen() {
        synchronized (state) {
            return state.isOpen();
        }
    }

    /**
     * Returns the background task.
     *
     * @return the task, or null
     */
    public @Nullable Drain drain() {
        synchronized (state) {
            return drain;
        }
    }

    @Override
    public @Nullable Throwable failure() {
        synchronized (state) {
            return state.failure();
        }
    }

    @Override
    public Duration joinTimeout() {
        return limits.joinTimeout();
    }

    // ---- Waking

    /** Wakes whoever consumes; returns the drain that the caller must queue after the lock. */
    @GuardedBy("state")
    private @Nullable Drain wakeConsumer() {
        if (blocking != null) {
            blocking.wake();
        }
        return state.becomeReady() ? drain : null;
    }

    private static void enqueue(@Nullable Drain ready) {
        if (ready != null) {
            ready.enqueue();
        }
    }
}
