package dev.channels;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber's events not yet consumed, and the means to consume them; made by the plugin and
 * given to the constructor of a {@link Subscriber}. Applications use it through the subscriber.
 *
 * <p>All methods are safe for use by any thread.
 */
public interface Backlog {

    /**
     * Offers an event, never blocking.
     *
     * @param event the event
     * @param dropped called, before this method returns and with no lock held, with each event that
     *     was dropped: the new one or the oldest ones, as the strategy has it
     * @return what became of the event
     */
    OfferResult offer(ChannelEvent event, Consumer<? super ChannelEvent> dropped);

    /**
     * Returns how many events wait.
     *
     * @return the number of events not yet handed to a consumer
     */
    int size();

    /**
     * Returns how many events were dropped because the backlog was full.
     *
     * @return the number since the subscriber was made
     */
    long droppedCount();

    /**
     * Tells whether a background task consumes the events.
     *
     * @return true from {@link #drainTo} until the task has ended
     */
    boolean isRunning();

    /**
     * Returns what the stream carries, for one consumer; see {@link Subscriber#iterDeliveries()}.
     *
     * @return what iterates over the stream and blocks for the next item
     */
    Iterable<Delivery> deliveries();

    /** Says that this thread iterates no more; see {@link Subscriber#endIteration()}. */
    void endIteration();

    /**
     * Waits for the next item of the stream; see {@link Subscriber#poll}.
     *
     * @param patience how long
     * @return the item, or null
     */
    @Nullable Delivery poll(Duration patience);

    /**
     * Starts a background task that hands all that the stream carries to a callback.
     *
     * @param callback takes the items
     * @return the running task
     * @throws IllegalStateException if a task is running, or the stream has ended
     */
    BackgroundTask drainDeliveriesTo(Consumer<? super Delivery> callback);

    /**
     * Starts a background task that hands the events to a sender.
     *
     * @param sender takes the events
     * @return the running task
     * @throws IllegalStateException if a task is running, or the stream has ended
     */
    BackgroundTask drainTo(EventSender sender);

    /**
     * Starts a background task that hands the events to a callback.
     *
     * @param callback takes the events
     * @return the running task
     * @throws IllegalStateException if a task is running, or the stream has ended
     */
    BackgroundTask drainTo(Consumer<? super ChannelEvent> callback);

    /**
     * Takes no new events; see {@link Subscriber#stop(boolean)}.
     *
     * @param join whether to wait until the consumer has consumed what is there
     */
    void stop(boolean join);
}
