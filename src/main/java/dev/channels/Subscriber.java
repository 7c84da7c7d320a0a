package dev.channels;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An event stream over one or more channels, and the means to consume it.
 *
 * <p>A subscriber is passive until {@link #iterEvents()} or {@link #runInBackground(Consumer)}
 * consumes it; until then its events wait in the backlog. It has one consumer at a time. All
 * methods are safe for use by any thread.
 *
 * <p>Applications may extend this class and name theirs in {@code channels.subscriber-class}; it
 * needs a public constructor with one parameter of type {@link Backlog}. A subclass sees every
 * event in {@link #put}, and in the hooks {@link #offered}, {@link #dropped} and {@link #gap}.
 * These are called by the thread that delivers to all subscribers of the channel: they must return
 * quickly and must not block. What they throw is logged and counted, and harms no other subscriber.
 */
public class Subscriber implements AutoCloseable {

    private final Backlog backlog;
    private final Consumer<ChannelEvent> droppedHook = this::dropped;

    /**
     * Makes a subscriber on a backlog; called by the plugin.
     *
     * @param backlog holds the events of this subscriber
     */
    public Subscriber(Backlog backlog) {
        this.backlog = Objects.requireNonNull(backlog, "backlog");
    }

    /**
     * Offers an event to this subscriber, never blocking. The plugin calls this for every event of
     * a subscribed channel, in the order of the channel.
     *
     * @param event the event
     * @return what became of it; {@link OfferResult#CLOSED} once the subscriber is stopped
     */
    public OfferResult put(ChannelEvent event) {
        OfferResult result = backlog.offer(event, droppedHook);
        offered(event, result);
        return result;
    }

    /**
     * Hook: an event was offered. Does nothing unless overridden.
     *
     * @param event the event
     * @param result what became of it
     */
    protected void offered(ChannelEvent event, OfferResult result) {}

    /**
     * Hook: an event was dropped because the backlog is full. Called before {@link #offered} of the
     * event that did not fit. Does nothing unless overridden.
     *
     * @param event the event that was dropped: the new one with {@link BacklogStrategy#BACKOFF}, an
     *     older one with {@link BacklogStrategy#DROPLEFT}, each of the backlog and the new one with
     *     {@link BacklogStrategy#DISCONNECT}
     */
    protected void dropped(ChannelEvent event) {}

    /**
     * Hook: events of a subscribed channel are lost to this node, between the event put last and
     * the next one; the stream has a {@link Gap} at that place. Called by the plugin. Does nothing
     * unless overridden.
     *
     * @param channel the channel with the gap
     */
    public void gap(String channel) {}

    /**
     * Returns the events of this subscriber, for one consumer at a time.
     *
     * <p>{@code hasNext} and {@code next} block until there is an event, and the iteration ends
     * when the subscriber is stopped or has lost its last subscription and the backlog is consumed.
     * An interrupt ends the iteration and leaves the thread's flag set. This parks the calling
     * thread: do not iterate on a thread of a managed executor; {@link #runInBackground(Consumer)}
     * needs no thread of its own. A loop that breaks off says so by {@link #endIteration}.
     *
     * @return an iterable whose iterators share this one stream
     * @throws IllegalStateException if a background task is running
     */
    public Iterable<ChannelEvent> iterEvents() {
        Iterable<Delivery> deliveries = backlog.deliveries();
        return () -> new EventIterator(deliveries.iterator());
    }

    /**
     * Returns all that the stream carries: events, and what happens to its channels, each in its
     * place. Otherwise as {@link #iterEvents()}.
     *
     * @return an iterable whose iterators share this one stream
     * @throws IllegalStateException if a background task is running
     */
    public Iterable<Delivery> iterDeliveries() {
        return backlog.deliveries();
    }

    /**
     * Says that the calling thread iterates no more, though the stream goes on: what a loop does
     * that breaks off. The event that it had last counts as consumed, and {@link #stop stop(true)}
     * does not wait for the thread to come back. Does nothing where another thread iterates. Who
     * iterates next goes on where this one was.
     */
    public void endIteration() {
        backlog.endIteration();
    }

    /**
     * Waits for the next event, leaving out whatever else comes before it. Parks the calling
     * thread; made for tests.
     *
     * @param patience how long to wait at the most
     * @return the event; null if none came in time, at the end of the stream, and after an
     *     interrupt, which leaves the thread's flag set
     * @throws IllegalStateException if a background task is running
     */
    public @Nullable ChannelEvent poll(Duration patience) {
        long start = System.nanoTime();
        while (true) {
            Duration left = patience.minusNanos(System.nanoTime() - start);
            Delivery next = backlog.poll(left);
            if (next == null || next instanceof ChannelEvent) {
                return (ChannelEvent) next;
            }
        }
    }

    /**
     * Starts to hand all that the stream carries to a callback: events, and what happens to its
     * channels, each in its place. Otherwise as {@link #runInBackground(Consumer)}.
     *
     * @param callback takes each item
     * @return the running task
     * @throws IllegalStateException if a task is running already, or the stream has ended
     */
    public BackgroundTask deliverInBackground(Consumer<Delivery> callback) {
        return backlog.drainDeliveriesTo(callback);
    }

    /**
     * Starts to hand the events to a callback, one at a time and in order, on the threads of the
     * plugin's executor.
     *
     * <p>What the callback throws is counted, logged once per episode, and the next event follows.
     * A callback that blocks holds one of the few threads that serve all callbacks ({@code
     * channels.send-concurrency}), none of those that serve the WebSocket sessions.
     *
     * @param callback takes each event
     * @return the running task
     * @throws IllegalStateException if a task is running already, or the stream has ended
     */
    public BackgroundTask runInBackground(Consumer<ChannelEvent> callback) {
        return backlog.drainTo(callback);
    }

    /**
     * Starts to hand the events to a sender that sends them on without blocking.
     *
     * @param sender takes each event
     * @return the running task
     * @throws IllegalStateException if a task is running already, or the stream has ended
     */
    public BackgroundTask runInBackground(EventSender sender) {
        return backlog.drainTo(sender);
    }

    /**
     * Tells whether a background task consumes this subscriber.
     *
     * @return true from {@code runInBackground} until that task has ended
     */
    public final boolean isRunning() {
        return backlog.isRunning();
    }

    /**
     * Takes no new events. Stopping again does nothing.
     *
     * @param join true to wait until the consumer has consumed the backlog as it stands; returns at
     *     once where there is no consumer (the backlog can still be iterated), and when called by
     *     the consumer itself. A thread that iterates is the consumer until it comes back for the
     *     end of the stream, dies, or calls {@link #endIteration}. False to drop the backlog and
     *     return at once.
     * @throws ChannelsException {@link ErrorCode#STOP_TIMED_OUT} if the consumer took no event for
     *     {@code channels.shutdown-timeout}, or the thread was interrupted while it waited, the
     *     flag being set again
     */
    public void stop(boolean join) {
        backlog.stop(join);
    }

    /**
     * Ends the stream and its subscriptions, and drops the backlog: {@link #stop(boolean)
     * stop(false)}, for a try with resources.
     */
    @Override
    public void close() {
        stop(false);
    }

    /**
     * Returns the size of the backlog.
     *
     * @return how many events wait, those not counted that are being consumed
     */
    public final int backlogSize() {
        return backlog.size();
    }

    /**
     * Returns how many events were dropped because the backlog was full.
     *
     * @return the number since the subscriber was made
     */
    public final long droppedCount() {
        return backlog.droppedCount();
    }
}
