package dev.channels.endpoint.write;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one client: it leaves in batches, one at a time, and what comes while
 * one is in flight shares the next, up to a bound in items and size. The queue says what is to be
 * done; its owner does it, outside the queue's lock:
 *
 * <pre>
 *   for (Step&lt;T&gt; step = queue.next(); step != null; step = queue.next()) { … }
 * </pre>
 *
 * <p>after each {@link #flush}, {@link #end} and {@link #written}. Writing is asked of one thread
 * at a time, and never from within itself: a write that ends at once is followed by the loop.
 *
 * <p>The states:
 *
 * <pre>
 *   OPEN ──end──▶ ENDING ──nothing waits, nothing in flight──▶ OVER
 *    └──────────────────── fail (also from ENDING) ──────────────▲
 * </pre>
 *
 * <p>Safe for use by any thread.
 *
 * @param <T> what is written
 */
public final class BatchQueue<T> {

    private enum State {
        OPEN,
        ENDING,
        OVER
    }

    /** What is to be done next. */
    public sealed interface Step<T> {

        /**
         * Write a batch; call {@link BatchQueue#begun} when the call that writes it has returned.
         *
         * @param items at least one
         */
        record Write<T>(List<T> items) implements Step<T> {}

        /** Close the connection: everything has been written. Asked for once. */
        record Close<T>() implements Step<T> {}
    }

    private record Waiting<T>(T item, int size, boolean answered) {}

    private final int maxItems;
    private final int maxSize;

    @GuardedBy("this")
    private State state = State.OPEN;

    @GuardedBy("this")
    private final Queue<Waiting<T>> waiting = new ArrayDeque<>(1);

    @GuardedBy("this")
    private long waitingSize;

    /** Whether what waits may leave. */
    @GuardedBy("this")
    private boolean flushed;

    @GuardedBy("this")
    private boolean inFlight;

    /** Whether a thread is about to write, which then sees what others have changed. */
    @GuardedBy("this")
    private boolean beginning;

    /** How many items with an answer are in flight. */
    @GuardedBy("this")
    private int answers;

    /**
     * Makes a queue in which nothing waits.
     *
     * @param maxItems how many items a batch has at most
     * @param maxSize how large a batch is at most, unless one item is larger
     */
    public BatchQueue(int maxItems, int maxSize) {
        this.maxItems = maxItems;
        this.maxSize = maxSize;
    }

    /**
     * Adds an item, which leaves with the next flush.
     *
     * @param item what waits
     * @param size in the unit of the bound
     * @param answered whether it counts in what {@link #written} returns
     * @return false if nothing is taken any more
     */
    public synchronized boolean add(T item, int size, boolean answered) {
        if (state != State.OPEN) {
            return false;
        }
        waiting.add(new Waiting<>(item, size, answered));
        waitingSize += size;
        return true;
    }

    /**
     * Tells whether what waits fills a batch.
     *
     * @return true from either bound on
     */
    public synchronized boolean isFull() {
        return waiting.size() >= maxItems || waitingSize >= maxSize;
    }

    /** Lets what waits leave. */
    public synchronized void flush() {
        flushed = true;
    }

    /**
     * Lets what waits leave, and takes nothing more.
     *
     * @return false if it was to end already
     */
    public synchronized boolean end() {
        if (state != State.OPEN) {
            return false;
        }
        state = State.ENDING;
        flushed = true;
        return true;
    }

    /**
     * Ends at once; what waits is lost.
     *
     * @return false if it was over already
     */
    public synchronized boolean fail() {
        if (state == State.OVER) {
            return false;
        }
        state = State.OVER;
        waiting.clear();
        return true;
    }

    /**
     * Returns what is to be done next.
     *
     * @return null for nothing
     */
    public synchronized @Nullable Step<T> next() {
        if (beginning || inFlight || state == State.OVER || !flushed) {
            return null;
        }
        if (!waiting.isEmpty()) {
            beginning = true;
            inFlight = true;
            return new Step.Write<>(take());
        }
        flushed = false;
        if (state == State.OPEN) {
            return null;
        }
        state = State.OVER;
        return new Step.Close<>();
    }

    @GuardedBy("this")
    private List<T> take() {
        List<T> items = new ArrayList<>(Math.min(waiting.size(), maxItems));
        long size = 0;
        answers = 0;
        do {
            Waiting<T> next = waiting.remove();
            size += next.size();
            items.add(next.item());
            answers += next.answered() ? 1 : 0;
        } while (!waiting.isEmpty()
                && items.size() < maxItems
                && size + waiting.element().size() <= maxSize);
        waitingSize -= size;
        return items;
    }

    /** The call that writes a batch has returned; the batch may have been written before. */
    public synchronized void begun() {
        beginning = false;
    }

    /**
     * The batch in flight has been written.
     *
     * @return how many of its items are to be answered; zero if the queue was over before
     */
    public synchronized int written() {
        int count = state == State.OVER ? 0 : answers;
        inFlight = false;
        answers = 0;
        return count;
    }

    /**
     * Tells whether a batch is in flight, or was when the queue failed.
     *
     * @return true until it has been {@linkplain #written written}
     */
    public synchronized boolean isInFlight() {
        return inFlight;
    }

    /**
     * Tells whether something can still be written.
     *
     * @return true once everything has been written, or it failed
     */
    public synchronized boolean isOver() {
        return state == State.OVER;
    }

    /**
     * Tells whether nothing waits and nothing is in flight.
     *
     * @return false also of a queue that is to end
     */
    public synchronized boolean isIdle() {
        return state == State.OPEN && !inFlight && waiting.isEmpty();
    }
}
