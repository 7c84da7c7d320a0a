package dev.channels.internal;

import dev.channels.BackgroundTask;
import dev.channels.Backlog;
import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.OfferResult;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backlog of one subscriber and its one consumer: a thread that iterates, or a {@link Drain}
 * that sends in the background.
 *
 * <p>The life of the stream, read and written in {@link #phase} only, under the lock:
 *
 * <pre>
 *   OPEN ──stop(true), unsubscribed──▶ CLOSING ──backlog consumed──▶ ENDED
 *     │                                   │                            ▲
 *     └────────────────── stop(false), cancel, failed, overflow ───────┘
 * </pre>
 *
 * <p>OPEN takes events; CLOSING takes none and lets the consumer finish; ENDED has no backlog.
 * Whoever makes the stream leave OPEN calls {@code onClosed}, once. The lock is never held across a
 * call of the application, a sender or the executor.
 */
final class Mailbox implements Backlog {

    private enum Phase {
        OPEN,
        CLOSING,
        ENDED
    }

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Object lock = new Object();
    private final Limits limits;
    private final DrainPools pools;
    private final Counters counters;
    private final Runnable onClosed;

    // Guarded by lock.
    private final EventQueue queue;
    private Phase phase = Phase.OPEN;
    private boolean held;
    private boolean dropping;
    private Consumer<? super ChannelEvent> droppedHook = event -> {};
    private long droppedCount;
    private @Nullable Throwable failure;
    private @Nullable Drain drain;
    private @Nullable Thread iterating;
    private int waitingIterators;

    /**
     * Makes a mailbox.
     *
     * @param onClosed called once, with no lock held, when the stream takes no more events
     */
    Mailbox(Limits limits, DrainPools pools, Counters counters, Runnable onClosed) {
        this.limits = limits;
        this.pools = pools;
        this.counters = counters;
        this.onClosed = onClosed;
        this.queue = new EventQueue(limits);
    }

    // ---- Producers

    @Override
    public OfferResult offer(ChannelEvent event, Consumer<? super ChannelEvent> dropped) {
        Loss loss;
        Drain ready;
        synchronized (lock) {
            if (phase != Phase.OPEN) {
                return OfferResult.CLOSED;
            }
            droppedHook = dropped;
            loss = lose(queue.add(event), event);
            ready = wakeConsumer();
        }
        enqueue(ready);
        if (loss == null) {
            return OfferResult.ACCEPTED;
        }
        tell(loss);
        if (loss.endsStream()) {
            return OfferResult.CLOSED;
        }
        return limits.strategy() == BacklogStrategy.BACKOFF
                ? OfferResult.DROPPED_NEWEST
                : OfferResult.DROPPED_OLDEST;
    }

    /**
     * Events that were dropped for want of room.
     *
     * @param newest the one that there was no room for, dropped or not
     * @param beginsEpisode whether none was before, since the backlog was last empty
     * @param hook takes each of them
     */
    private record Loss(
            List<ChannelEvent> events,
            ChannelEvent newest,
            boolean beginsEpisode,
            boolean endsStream,
            Consumer<? super ChannelEvent> hook) {}

    /** Notes what was dropped, if anything; only under the lock, after which it must be told. */
    private @Nullable Loss lose(List<ChannelEvent> events, ChannelEvent newest) {
        if (events.isEmpty()) {
            return null;
        }
        Loss loss = new Loss(events, newest, !dropping, queue.endsWhenFull(), droppedHook);
        dropping = true;
        droppedCount += events.size();
        if (loss.endsStream()) {
            failure =
                    new ChannelsException(
                            ErrorCode.EVENTS_DROPPED, describeDrop("The backlog", loss.newest()));
            phase = Phase.ENDED;
        }
        return loss;
    }

    private void tell(Loss loss) {
        counters.dropped.add(loss.events().size());
        if (loss.endsStream()) {
            onClosed.run();
        }
        if (loss.beginsEpisode()) {
            Log.warn(
                    ErrorCode.EVENTS_DROPPED,
                    describeDrop("The backlog of " + consumerName(), loss.newest())
                            + " Not logged again until the backlog has been empty.",
                    null);
        }
        loss.events().forEach(loss.hook());
    }

    private String consumerName() {
        Drain current = drain();
        return current == null ? "a subscriber without a background task" : current.toString();
    }

    private String describeDrop(String backlog, ChannelEvent event) {
        return backlog
                + " is full at "
                + limits.describe()
                + ", with the event at "
                + event.position()
                + " of channel '"
                + ChannelNames.printable(event.channel())
                + "'; the strategy is "
                + limits.strategy()
                + ".";
    }

    // ---- History

    /** Keeps the events from the consumer until {@link #begin} or the end of the stream. */
    void hold() {
        synchronized (lock) {
            held = true;
        }
    }

    /**
     * Puts the history that the stream begins with, without what was given already, and releases
     * the hold. Does nothing once the stream takes no more events: those that came are on their way
     * to the consumer then, and history must not come behind them.
     *
     * @throws ChannelsException if nobody consumes and it could never fit; nothing has changed then
     */
    void begin(Map<String, List<ChannelEvent>> history) {
        Loss loss = null;
        Drain ready;
        synchronized (lock) {
            if (phase != Phase.OPEN) {
                return;
            }
            if (drain == null) {
                List<ChannelEvent> lost = queue.begin(history);
                loss = lost.isEmpty() ? null : lose(lost, lost.get(lost.size() - 1));
            } else {
                queue.replay(history);
            }
            held = false;
            ready = wakeConsumer();
        }
        enqueue(ready);
        if (loss != null) {
            tell(loss);
        }
    }

    /**
     * Puts history in front of the backlog, without what was given already.
     *
     * @throws ChannelsException if nobody consumes and it does not fit; nothing has changed then
     */
    void prepend(Map<String, List<ChannelEvent>> history) {
        Drain ready;
        synchronized (lock) {
            if (phase != Phase.OPEN) {
                return;
            }
            if (drain == null) {
                queue.prepend(history);
            } else {
                queue.replay(history);
            }
            ready = wakeConsumer();
        }
        enqueue(ready);
    }

    // ---- Consumers

    @Override
    public BackgroundTask drainTo(Consumer<? super ChannelEvent> callback) {
        return start(new CallbackSender(callback), pools.callbacks());
    }

    @Override
    public BackgroundTask drainTo(EventSender sender) {
        return start(sender, pools.senders());
    }

    private BackgroundTask start(EventSender sender, DrainPool pool) {
        Drain started = new Drain(this, sender, pool, counters);
        Drain ready;
        synchronized (lock) {
            if (drain != null || waitingIterators > 0 || phase == Phase.ENDED) {
                throw new IllegalStateException(
                        phase == Phase.ENDED
                                ? "The stream of this subscriber has ended; subscribe anew."
                                : "This subscriber has a consumer already; it can have only one.");
            }
            drain = started;
            ready = wakeConsumer();
        }
        enqueue(ready);
        return started;
    }

    @Override
    public Iterable<ChannelEvent> events() {
        synchronized (lock) {
            requireNoTask();
        }
        return EventIterator::new;
    }

    private void requireNoTask() {
        if (drain != null && !drain.isOver()) {
            throw new IllegalStateException(
                    "A background task consumes this subscriber; it can have only one consumer.");
        }
    }

    private final class EventIterator implements Iterator<ChannelEvent> {
        private @Nullable ChannelEvent next;

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = take();
            }
            return next != null;
        }

        @Override
        public ChannelEvent next() {
            ChannelEvent event = hasNext() ? next : null;
            if (event == null) {
                throw new NoSuchElementException("The stream of this subscriber has ended.");
            }
            next = null;
            return event;
        }
    }

    /** Waits for the next event; null at the end of the stream, or after an interrupt. */
    private @Nullable ChannelEvent take() {
        synchronized (lock) {
            requireNoTask();
            iterating = Thread.currentThread();
            waitingIterators++;
            try {
                while (true) {
                    if (Thread.currentThread().isInterrupted()) {
                        iterating = null;
                        return null;
                    }
                    ChannelEvent event = poll();
                    if (event != null) {
                        return event;
                    }
                    if (isConsumed()) {
                        markEnded();
                        lock.notifyAll();
                        return null;
                    }
                    lock.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                iterating = null;
                return null;
            } finally {
                waitingIterators--;
            }
        }
    }

    // ---- The drain's side; see there for the order of the calls

    /** Returns the lock under which the drain keeps its own state. */
    Object lock() {
        return lock;
    }

    /** Returns the next event for the consumer, or null; only under the lock. */
    @Nullable ChannelEvent poll() {
        if (held) {
            return null;
        }
        ChannelEvent event = queue.poll();
        if (dropping && queue.isEmpty()) {
            dropping = false;
        }
        return event;
    }

    /** Tells whether there is an event for the drain; only under the lock. */
    boolean hasEvent() {
        return !held && !queue.isEmpty();
    }

    /** Tells whether the stream is over once the sends in flight are; only under the lock. */
    boolean isConsumed() {
        return phase != Phase.OPEN && queue.isEmpty();
    }

    /** Tells whether the stream is over; only under the lock. */
    boolean isEnded() {
        return phase == Phase.ENDED;
    }

    /** The consumer has consumed everything; only under the lock, while {@link #isConsumed}. */
    void markEnded() {
        phase = Phase.ENDED;
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

    /** Takes no new events and lets the consumer finish. */
    void close() {
        Drain ready;
        synchronized (lock) {
            if (phase != Phase.OPEN) {
                return;
            }
            phase = Phase.CLOSING;
            held = false;
            ready = wakeConsumer();
        }
        enqueue(ready);
        onClosed.run();
    }

    /** Takes no new events, discards the backlog and ends the stream. */
    void end(@Nullable Throwable cause) {
        boolean wasOpen;
        Drain ready;
        synchronized (lock) {
            if (phase == Phase.ENDED) {
                return;
            }
            failure = cause;
            counters.discarded.add(queue.removeAll().size());
            wasOpen = phase == Phase.OPEN;
            phase = Phase.ENDED;
            ready = wakeConsumer();
        }
        enqueue(ready);
        if (wasOpen) {
            onClosed.run();
        }
    }

    private void awaitConsumer() {
        Drain running;
        synchronized (lock) {
            running = drain;
            if (running == null) {
                awaitIterator();
                return;
            }
        }
        running.awaitEnd();
    }

    private void awaitIterator() {
        long deadline = System.nanoTime() + limits.joinTimeout().toNanos();
        while (phase != Phase.ENDED && isIteratedElsewhere()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new ChannelsException(
                        ErrorCode.STOP_TIMED_OUT,
                        "Thread '"
                                + iterating
                                + "' iterates over a stopped subscriber and did not come back for the"
                                + " next of "
                                + queue.size()
                                + " events within "
                                + limits.joinTimeout().toMillis()
                                + " ms (channels.shutdown-timeout). End the iteration, or stop"
                                + " without joining.");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(lock, Math.min(left, LOOK_NANOS));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private boolean isIteratedElsewhere() {
        Thread thread = iterating;
        return thread != null && thread != Thread.currentThread() && thread.isAlive();
    }

    static ChannelsException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ChannelsException(
                ErrorCode.STOP_TIMED_OUT,
                "The thread was interrupted while it waited for the consumer of a stopped subscriber;"
                        + " the consumer goes on until the backlog is empty.",
                e);
    }

    // ---- Reading

    @Override
    public int size() {
        synchronized (lock) {
            return queue.size();
        }
    }

    @Override
    public long droppedCount() {
        synchronized (lock) {
            return droppedCount;
        }
    }

    @Override
    public boolean isRunning() {
        synchronized (lock) {
            return drain != null && !drain.isOver();
        }
    }

    /** Tells whether the stream takes events. */
    boolean isOpen() {
        synchronized (lock) {
            return phase == Phase.OPEN;
        }
    }

    /** Returns the background task, or null. */
    @Nullable Drain drain() {
        synchronized (lock) {
            return drain;
        }
    }

    /** Returns why the stream ended early, or null. */
    @Nullable Throwable failure() {
        synchronized (lock) {
            return failure;
        }
    }

    /** Returns how long to wait for a consumer that does not go on. */
    Duration joinTimeout() {
        return limits.joinTimeout();
    }

    // ---- Waking

    /** Wakes whoever consumes; returns the drain that the caller must queue after the lock. */
    private @Nullable Drain wakeConsumer() {
        if (waitingIterators > 0) {
            lock.notifyAll();
        }
        Drain current = drain;
        return current != null && current.becomeReady() ? current : null;
    }

    private static void enqueue(@Nullable Drain ready) {
        if (ready != null) {
            ready.enqueue();
        }
    }
}
