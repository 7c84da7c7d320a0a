package dev.channels.internal.stream;

import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait in the iteration of one mailbox, and those that wait for them to end it.
 * Every method is called under the lock of the mailbox, which the waiting ones let go meanwhile.
 */
final class BlockingConsumer {

    /** A thread that has ended wakes nobody, so that it is looked for this often. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Object lock;
    private final Duration joinTimeout;
    private @Nullable Thread iterating;
    private int waiting;

    BlockingConsumer(Object lock, Duration joinTimeout) {
        this.lock = lock;
        this.joinTimeout = joinTimeout;
    }

    boolean isWaiting() {
        return waiting > 0;
    }

    void wake() {
        if (waiting > 0) {
            lock.notifyAll();
        }
    }

    /**
     * Waits for the next item of a stream.
     *
     * @return the item; null at the end of the stream, after the time, or after an interrupt, whose
     *     flag stays
     */
    @Nullable Delivery take(StreamState state, long patienceNanos) {
        long start = System.nanoTime();
        iterating = Thread.currentThread();
        waiting++;
        try {
            while (true) {
                if (Thread.currentThread().isInterrupted()) {
                    iterating = null;
                    return null;
                }
                Delivery next = state.queue.poll();
                if (next != null) {
                    return next;
                }
                if (state.isConsumed()) {
                    state.end(state.failure());
                    lock.notifyAll();
                    return null;
                }
                long left = patienceNanos - (System.nanoTime() - start);
                if (left <= 0) {
                    // It has nothing in its hands, and need not come back.
                    leave();
                    return null;
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            iterating = null;
            return null;
        } finally {
            waiting--;
        }
    }

    /** The calling thread does not come back for more. */
    void leave() {
        if (iterating == Thread.currentThread()) {
            iterating = null;
            lock.notifyAll();
        }
    }

    /**
     * Waits until the stream has ended, as long as another thread iterates.
     *
     * @throws ChannelsException if that thread does not come back, or this one is interrupted
     */
    void awaitEnd(StreamState state) {
        long deadline = System.nanoTime() + joinTimeout.toNanos();
        while (!state.isEnded() && isIteratedElsewhere()) {
            long patience = deadline - System.nanoTime();
            if (patience <= 0) {
                throw late(state.queue.size());
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(lock, Math.min(patience, LOOK_NANOS));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private boolean isIteratedElsewhere() {
        Thread thread = iterating;
        return thread != null && thread != Thread.currentThread() && thread.isAlive();
    }

    private ChannelsException late(int left) {
        return new ChannelsException(
                ErrorCode.STOP_TIMED_OUT,
                "Thread '"
                        + iterating
                        + "' iterates over a stopped subscriber and did not come back for the"
                        + " next of "
                        + left
                        + " events within "
                        + joinTimeout.toMillis()
                        + " ms (channels.shutdown-timeout). Let a loop that breaks off call"
                        + " endIteration(), or stop without joining.");
    }

    static ChannelsException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ChannelsException(
                ErrorCode.STOP_TIMED_OUT,
                "The thread was interrupted while it waited for the consumer of a stopped subscriber;"
                        + " the consumer goes on until the backlog is empty.",
                e);
    }
}
