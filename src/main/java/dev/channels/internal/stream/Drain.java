package dev.channels.internal.stream;

import dev.channels.BackgroundTask;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.internal.stream.StreamState.Step;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.PoolJob;
import dev.channels.internal.task.ReadyJobs;
import dev.channels.internal.task.Stages;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends what waits in one mailbox in the background, on the tasks of a {@link DrainPool}. Where it
 * stands is drawn in {@link StreamState}.
 *
 * <p>Only its turn calls the sender, so the calls never overlap; a completion never sends, so a
 * sender that completes at once does not recurse. The end of the stream, a failure included, goes
 * the same way: it makes the drain ready, and the drain tells the sender.
 */
public final class Drain extends PoolJob
        implements BackgroundTask, EventSender.Completion, DrainedStream.Turn {

    /** So many steps one mailbox may take before the others have their turn, and so long. */
    private static final int TURN = 64;

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Fewer, so that a turn of quick sends is not taken for one that is kept. */
    private static final int BLOCKING_TURN = 8;

    /** So many quick steps are taken between two looks at the clock, which costs as much as one. */
    private static final int UNSEEN_STEPS = 8;

    private final DrainedStream stream;
    private final EventSender sender;
    private final boolean mayBlock;
    private final DrainPool pool;
    private final Counters counters;
    private final NodeLog log;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /**
     * The thread that drains, or null; tells a completion or a close that it comes from the inside.
     */
    private volatile @Nullable Thread drainThread;

    // Only used by the thread that drains.
    private int completedHere;

    Drain(
            DrainedStream stream,
            EventSender sender,
            DrainPool pool,
            Counters counters,
            NodeLog log) {
        this.stream = stream;
        this.sender = sender;
        this.mayBlock = sender.mayBlock();
        this.pool = pool;
        this.counters = counters;
        this.log = log;
    }

    /** Queues a drain that has become ready; with no lock held. */
    void enqueue() {
        pool.ready(this);
    }

    /** Queues it together with others that become ready. */
    void enqueue(ReadyJobs others) {
        others.add(pool, this);
    }

    @Override
    protected boolean mayBlock() {
        return mayBlock;
    }

    /**
     * Sends until there is nothing to send, the window is full, or the turn is used up.
     *
     * @return whether it must be queued again
     */
    @Override
    protected boolean run(long now) {
        try {
            return takeTurn(now);
        } catch (Throwable e) {
            // Out of memory, say. It must not cost the pool a task, nor leave anybody waiting.
            stream.end(e);
            endAfter(e);
            return false;
        }
    }

    private boolean takeTurn(long start) {
        drainThread = Thread.currentThread();
        int turn = mayBlock ? BLOCKING_TURN : TURN;
        int unseen = mayBlock ? 1 : UNSEEN_STEPS;
        int look = 1;
        for (int i = 0; i < turn; i++) {
            if (i == look) {
                if (pool.now() - start >= TURN_NANOS) {
                    break;
                }
                look += Math.min(i, unseen);
            }
            Object next = stream.next(this);
            if (next instanceof Delivery delivery) {
                send(delivery);
            } else if (next == Step.NOTHING) {
                return false;
            } else if (next == Step.END) {
                end();
                return false;
            } else {
                take(next);
            }
        }
        stream.endTurn(this);
        return true;
    }

    private void endAfter(Throwable failure) {
        try {
            end();
        } catch (Throwable e) {
            failure.addSuppressed(e);
            over(failure);
        }
    }

    // ---- The turn, as the stream sees it

    @Override
    public int takeCompletedHere() {
        int completed = completedHere;
        completedHere = 0;
        return completed;
    }

    @Override
    public void leave(int tooMany) {
        completedHere = tooMany;
        drainThread = null;
    }

    private void send(Delivery delivery) {
        try {
            sender.send(delivery, this);
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void take(Object step) {
        try {
            if (step == Step.READ) {
                Runnable read = stream.takeRead();
                if (read != null) {
                    read.run();
                }
            } else if (step == Step.FLUSH) {
                sender.flush();
            } else {
                throw completedTwice();
            }
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void end() {
        Throwable failure = stream.failure();
        if (failure != null && !isKnown(failure)) {
            log.warn(
                    ErrorCode.CONSUMER_FAILED,
                    () -> "The stream of " + this + " has ended; its backlog is discarded.",
                    failure);
        }
        try {
            sender.ended(failure);
        } catch (Throwable e) {
            counters.applicationFailures.increment();
            log.warn(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    sender.getClass().getName(),
                    () -> this + " threw at the end of its stream",
                    e);
        }
        over(failure);
    }

    /**
     * Tells whether a failure needs no word here: a drop was logged with its episode, a stop is
     * wanted, and why a receiver is gone is for its sender to tell.
     */
    private static boolean isKnown(Throwable failure) {
        ErrorCode code = failure instanceof ChannelsException known ? known.errorCode() : null;
        return failure instanceof IOException
                || code == ErrorCode.EVENTS_DROPPED
                || code == ErrorCode.NOT_RUNNING;
    }

    private void over(@Nullable Throwable failure) {
        drainThread = null;
        stream.over();
        if (failure == null) {
            over.complete(null);
        } else {
            over.completeExceptionally(failure);
        }
    }

    // ---- Completion

    @Override
    public void sent() {
        complete(1);
    }

    @Override
    public void sent(int sends) {
        if (sends > 0) {
            complete(sends);
        }
    }

    @Override
    public void skipped(Throwable cause) {
        counters.skipped.increment();
        log.warn(
                ErrorCode.EVENT_SKIPPED,
                () ->
                        this
                                + " could not take an event; the next ones follow. Those that are"
                                + " skipped from now on, here and elsewhere, are counted and told"
                                + " later.",
                cause);
        complete(1);
    }

    private void complete(int sends) {
        if (drainThread == Thread.currentThread()) {
            completedHere += sends;
        } else if (!stream.complete(sends)) {
            failed(completedTwice());
        }
    }

    private IllegalStateException completedTwice() {
        return new IllegalStateException(
                this + " completed a send that was not in flight: each is completed once.");
    }

    @Override
    public void failed(Throwable cause) {
        stream.end(cause);
    }

    // ---- BackgroundTask

    @Override
    public void close() {
        stream.close();
        awaitEnd();
    }

    @Override
    public void cancel() {
        stream.end(null);
    }

    @Override
    public CompletionStage<Void> completion() {
        return Stages.shown(over, pool.executor());
    }

    /** Has the sender interrupt what it runs, for a stop that waits no longer. */
    public void abandon() {
        try {
            sender.abandoned();
        } catch (Throwable e) {
            counters.applicationFailures.increment();
            log.warn(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    sender.getClass().getName(),
                    () -> this + " threw when it was to interrupt what it runs",
                    e);
        }
    }

    /**
     * Completes when the sender was told of the end; what is chained to it must be quick.
     *
     * @return the stage of the library's own
     */
    public CompletableFuture<Void> over() {
        return over;
    }

    /**
     * Waits until the sender was told of the end; not for itself.
     *
     * @throws ChannelsException if the consumer does not go on for the time that a stop may take
     */
    void awaitEnd() {
        if (drainThread == Thread.currentThread()) {
            return;
        }
        Duration patience = stream.joinTimeout();
        int left = remaining();
        while (!isOverWithin(patience)) {
            int before = left;
            left = remaining();
            if (left >= before) {
                throw stuck(patience, left);
            }
        }
    }

    private boolean isOverWithin(Duration patience) {
        try {
            pool.whileParked(() -> over.get(patience.toNanos(), TimeUnit.NANOSECONDS));
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw BlockingConsumer.interrupted(e);
        } catch (ExecutionException e) {
            // The failure is told by completion(), and to the sender.
            return true;
        }
    }

    private ChannelsException stuck(Duration patience, int left) {
        return new ChannelsException(
                ErrorCode.STOP_TIMED_OUT,
                this
                        + " has taken no event for "
                        + patience.toMillis()
                        + " ms (channels.shutdown-timeout) and has "
                        + left
                        + " before it. Find what blocks it, or stop without joining.");
    }

    /** Returns how many events are to be sent or in flight. */
    private int remaining() {
        return stream.remaining();
    }

    /** Returns the sender's own name for itself. */
    @Override
    public String toString() {
        try {
            return sender.toString();
        } catch (RuntimeException e) {
            return sender.getClass().getName();
        }
    }
}
