package dev.channels.internal.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.NotRunning;
import dev.channels.spi.Backoff;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one way of all publishes to the backend: a bounded queue, handed over batch by batch.
 *
 * <p>The states, read and written in {@link #state} only, under the lock:
 *
 * <pre>
 *           publish                    broker unavailable: keeps the batch
 *   IDLE ─────────────▶ RUNNING ──────────────────────────────────────────▶ PAUSED
 *    ▲                    │ ▲                                                  │
 *    └── nothing waits ───┘ └──────── delay over, broker said to be back ──────┘
 * </pre>
 *
 * <p>RUNNING is a task that is handed over or at work, or a batch that the backend has not settled
 * yet. Whoever makes the lane RUNNING, or finds its batch settled, sees to it that a task goes on,
 * whatever is thrown on the way.
 *
 * <p>Order: a batch is handed over only after the one before is settled, so what one thread
 * publishes stays in order, whatever fails or is repeated.
 */
public final class PublishLane {

    private enum State {
        IDLE,
        RUNNING,
        PAUSED
    }

    private static final int BATCH_EVENTS = 1_000;
    private static final long BATCH_BYTES = 1 << 20;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final ChannelsBackend backend;
    private final DrainPool serving;
    private final PublishReport report;
    private final ScheduledExecutorService scheduler;
    private final int maxEvents;
    private final long maxBytes;
    private final Consumer<Runnable> task = this::run;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ArrayDeque<PendingPublish> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    @GuardedBy("lock")
    private State state = State.IDLE;

    /** What the backend was given and has not settled. */
    @GuardedBy("lock")
    private List<PendingPublish> batch = List.of();

    @GuardedBy("lock")
    private int events;

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private long sequence;

    /** Whether the scheduler does not end the pause. */
    @GuardedBy("lock")
    private boolean unscheduled;

    @GuardedBy("lock")
    private boolean open = true;

    @GuardedBy("lock")
    private @Nullable CompletableFuture<Void> emptied;

    /**
     * Makes an open lane on which nothing waits.
     *
     * @param backend is called for one batch at a time
     * @param report tells what became of publishes
     * @param serving runs the lane, and what it makes ready
     * @param scheduler tries again while the broker is away
     * @param bounds how much may wait
     */
    public PublishLane(
            ChannelsBackend backend,
            PublishReport report,
            DrainPool serving,
            ScheduledExecutorService scheduler,
            PublishBounds bounds) {
        this.backend = backend;
        this.serving = serving;
        this.report = report;
        this.scheduler = scheduler;
        this.maxEvents = bounds.maxEvents();
        this.maxBytes = bounds.maxBytes();
    }

    /**
     * Accepts a publish, or refuses it where too much waits already; never waits itself.
     *
     * @param payload what to publish; not to be changed any more
     * @param headers what travels with it, keeping the rule; immutable
     * @param channels to which channels
     * @param promise completed when it is settled, or null
     * @throws ChannelsException {@link ErrorCode#NOT_RUNNING} if the lane is closed
     */
    public void publish(
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        boolean full;
        boolean idle = false;
        long now = report.now();
        synchronized (lock) {
            if (!open) {
                throw NotRunning.exception();
            }
            full = events > 0 && (events == maxEvents || bytes + payload.length > maxBytes);
            if (!full) {
                waiting.add(
                        new PendingPublish(++sequence, now, payload, headers, channels, promise));
                events++;
                bytes += payload.length;
                idle = state == State.IDLE || (state == State.PAUSED && unscheduled);
                if (idle) {
                    state = State.RUNNING;
                }
            }
        }
        if (full) {
            refuse(channels, promise);
        } else if (idle) {
            serving.executeThenServe(task);
        }
    }

    /**
     * Has a publish wait for the commit of the calling thread's transaction, if it is in one, and
     * accepts it then; there and then otherwise.
     *
     * @param transactions those of the application
     * @param payload as in {@link #publish}
     * @param headers as in {@link #publish}
     * @param channels as in {@link #publish}
     * @param promise completed when it is settled, or the transaction is rolled back; or null
     * @throws ChannelsException {@link ErrorCode#NOT_RUNNING} if the lane is closed, {@link
     *     ErrorCode#PUBLISH_FAILED} if the transaction is about to end
     */
    public void publishAfterCommit(
            Transactions transactions,
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        Transactions.Standing standing =
                transactions.join(
                        new Transactions.Waiting() {
                            @Override
                            public void committed() {
                                publishLate(payload, headers, channels, promise);
                            }

                            @Override
                            public void rolledBack() {
                                report.rolledBack(channels, promise);
                            }
                        });
        switch (standing) {
            case OUTSIDE -> publish(payload, headers, channels, promise);
            case ROLLED_BACK -> report.rolledBack(channels, promise);
            case INSIDE -> {}
        }
    }

    /**
     * Has the calling thread's transaction publish by itself, if it is in one; accepts the publish
     * there and then otherwise.
     *
     * @param transactions those of the application
     * @param payload as in {@link #publish}
     * @param headers as in {@link #publish}
     * @param channels as in {@link #publish}
     * @param promise completed when it is settled, which is when the transaction has ended; or null
     * @throws ChannelsException as {@link #publishAfterCommit} does, and {@link
     *     ErrorCode#EVENT_TOO_LARGE}
     */
    public void publishByTransaction(
            JoinedTransactions transactions,
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        PendingPublish publish = new PendingPublish(0, 0, payload, headers, channels, promise);
        switch (transactions.join(publish, report)) {
            case OUTSIDE -> publish(payload, headers, channels, promise);
            case ROLLED_BACK -> report.rolledBack(channels, promise);
            case INSIDE -> {}
        }
    }

    /** Nobody is there any more who could be thrown at. */
    private void publishLate(
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        try {
            publish(payload, headers, channels, promise);
        } catch (ChannelsException e) {
            report.settled(
                    List.of(new PendingPublish(0, 0, payload, headers, channels, promise)), e);
        }
    }

    private void refuse(Set<String> channels, @Nullable CompletableFuture<Void> promise) {
        report.refused(
                "A publish to "
                        + ChannelNames.printable(channels)
                        + " failed: "
                        + maxEvents
                        + " publishes or "
                        + maxBytes
                        + " bytes wait for the broker already. Publish less, wait for waitPublished,"
                        + " or raise channels.publish-queue-max-events and"
                        + " channels.publish-queue-max-bytes.",
                promise);
    }

    // ---- Handing over

    /**
     * Hands over batch by batch.
     *
     * @param produceMany to be called before more than one event is handed over
     */
    private void run(Runnable produceMany) {
        boolean goesOn = false;
        try {
            goesOn = handOverUntilSettledLater(produceMany);
        } finally {
            if (goesOn) {
                serving.executeThenServe(task);
            }
        }
    }

    /** Returns true at the end of its turn: another task is to go on. */
    private boolean handOverUntilSettledLater(Runnable produceMany) {
        long start = System.nanoTime();
        boolean first = true;
        for (var entries = nextCall(); !entries.isEmpty(); entries = nextCall()) {
            if (!first || entries.size() > 1) {
                produceMany.run();
            }
            first = false;
            List<PendingPublish> called = entries;
            report.handedOver(called.size());
            List<Publication> publications = Collections.unmodifiableList(called);
            CompletableFuture<Void> answer = BackendCalls.call(() -> backend.publish(publications));
            if (!answer.isDone()) {
                var unused = answer.whenComplete((v, failure) -> settleLater(called, failure));
                return false;
            }
            if (!settle(called, BackendCalls.failureOf(answer))) {
                return false;
            }
            if (System.nanoTime() - start > TURN_NANOS) {
                return true;
            }
        }
        return false;
    }

    /** Takes the batch to hand over, the old one after an outage; empty if there is none. */
    private List<PendingPublish> nextCall() {
        synchronized (lock) {
            if (batch.isEmpty()) {
                batch = nextBatch();
            }
            if (batch.isEmpty()) {
                state = State.IDLE;
                if (emptied != null) {
                    emptied.complete(null);
                }
            }
            return batch;
        }
    }

    @GuardedBy("lock")
    private List<PendingPublish> nextBatch() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<PendingPublish> next = new ArrayList<>(Math.min(BATCH_EVENTS, waiting.size()));
        long size = 0;
        while (next.size() < BATCH_EVENTS && size < BATCH_BYTES && !waiting.isEmpty()) {
            PendingPublish entry = waiting.remove();
            next.add(entry);
            size += entry.payload().length;
        }
        return next;
    }

    /** The stage of a batch has closed, on any thread, after the task that called has ended. */
    private void settleLater(List<PendingPublish> settled, @Nullable Throwable outcome) {
        if (settle(settled, outcome)) {
            serving.executeThenServe(task);
        }
    }

    /**
     * The stage of a batch is closed.
     *
     * @return whether the lane goes on; otherwise it pauses, or was abandoned
     */
    private boolean settle(List<PendingPublish> settled, @Nullable Throwable outcome) {
        Throwable failure = outcome == null ? null : Causes.of(outcome);
        if (failure instanceof BrokerUnavailableException) {
            pause(settled, failure);
            return false;
        }
        synchronized (lock) {
            if (batch != settled) {
                return false;
            }
            batch = List.of();
            backoff.reset();
            forget(settled);
        }
        report.settled(settled, failure);
        return true;
    }

    @GuardedBy("lock")
    private void forget(List<PendingPublish> settled) {
        events -= settled.size();
        for (PendingPublish entry : settled) {
            bytes -= entry.payload().length;
        }
    }

    // ---- While the broker is away

    /** Keeps the batch for later. */
    private void pause(List<PendingPublish> unsettled, Throwable failure) {
        long delay;
        synchronized (lock) {
            if (batch != unsettled) {
                return;
            }
            state = State.PAUSED;
            unscheduled = false;
            delay = backoff.next().toNanos();
        }
        try {
            var unused = scheduler.schedule(this::resume, delay, TimeUnit.NANOSECONDS);
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped. The next publish tries again.
            synchronized (lock) {
                unscheduled = true;
            }
            report.unscheduled(e);
        }
        report.waiting(maxEvents + " events and " + maxBytes + " bytes", failure);
    }

    /** Tries again, now rather than later: the broker is said to be back, or the delay is over. */
    public void resume() {
        synchronized (lock) {
            if (state != State.PAUSED) {
                return;
            }
            state = State.RUNNING;
        }
        serving.executeThenServe(task);
    }

    // ---- The end

    /**
     * Accepts nothing more.
     *
     * @return completes when everything accepted is settled
     */
    public CompletableFuture<Void> close() {
        synchronized (lock) {
            open = false;
            if (emptied == null) {
                emptied = new CompletableFuture<>();
                if (events == 0) {
                    emptied.complete(null);
                }
            }
            return emptied;
        }
    }

    /** Fails what is still waiting, if anything; after {@link #close}, at the end of its bound. */
    public void abandon() {
        List<PendingPublish> left;
        synchronized (lock) {
            left = new ArrayList<>(batch);
            left.addAll(waiting);
            waiting.clear();
            batch = List.of();
            events = 0;
            bytes = 0;
        }
        if (!left.isEmpty()) {
            report.settled(
                    left,
                    new ChannelsException(
                            ErrorCode.STOP_TIMED_OUT,
                            left.size()
                                    + " publishes were still waiting for the broker at the end of"
                                    + " channels.shutdown-timeout; they are lost."));
        }
    }

    /**
     * Counts what was accepted and is not settled yet.
     *
     * @return how many publishes wait for the broker
     */
    public int waitingPublishes() {
        synchronized (lock) {
            return events;
        }
    }
}
