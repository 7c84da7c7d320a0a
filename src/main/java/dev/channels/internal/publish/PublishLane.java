package dev.channels.internal.publish;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.NotRunning;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Log;
import dev.channels.spi.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one way of all publishes to the backend: a bounded queue, handed over batch by batch.
 *
 * <p>The states, read and written in {@link #state} only, under the lock:
 *
 * <pre>
 *         publish               task starts            backend called, stage open
 *   IDLE ─────────▶ SCHEDULED ─────────────▶ CALLING ─────────────────────────────▶ AWAITING
 *    ▲                ▲   ▲                  ▲ │   │                                 │   │
 *    │                │   │                  │ ▼   │ unavailable                     │   │
 *    │                │   │               SETTLED  │               unavailable       │   │
 *    │                │   └──── PAUSED ◀───────────┴─────────────────────────────────┘   │
 *    │                │    delay over, connected()                                       │
 *    │                └──────────────────────── settled ─────────────────────────────────┘
 *    └────────── nothing waits (seen by the task)
 * </pre>
 *
 * <p>SETTLED is a stage that closed before the call of the backend had returned: the task goes on
 * itself. PAUSED keeps the batch, and the same batch is handed over again.
 *
 * <p>Order: a batch is handed over only after the one before is settled, so what one thread
 * publishes stays in order, whatever fails or is repeated.
 */
public final class PublishLane {

    private enum State {
        IDLE,
        SCHEDULED,
        CALLING,
        SETTLED,
        AWAITING,
        PAUSED
    }

    /** One call of the backend. */
    private record Call(long number, List<PendingPublish> entries) {}

    private static final int BATCH_EVENTS = 1_000;
    private static final long BATCH_BYTES = 1 << 20;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long MAX_DELAY_MILLIS = 5_000;

    private final ChannelsBackend backend;
    private final DrainPool serving;
    private final PublishReport report;
    private final ScheduledExecutorService scheduler;
    private final int maxEvents;
    private final long maxBytes;
    private final Consumer<Runnable> task = this::run;

    private final Object lock = new Object();
    // Guarded by lock.
    private final ArrayDeque<PendingPublish> waiting = new ArrayDeque<>();
    private State state = State.IDLE;
    private List<PendingPublish> batch = List.of();
    private int events;
    private long bytes;
    private long sequence;
    private int attempts;
    private long calls;
    private boolean open = true;
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
     * @param channels to which channels
     * @param promise completed when it is settled, or null
     * @throws ChannelsException {@link ErrorCode#NOT_RUNNING} if the lane is closed
     */
    public void publish(
            byte[] payload, Set<String> channels, @Nullable CompletableFuture<Void> promise) {
        boolean full;
        boolean idle = false;
        synchronized (lock) {
            if (!open) {
                throw NotRunning.exception();
            }
            full = events > 0 && (events == maxEvents || bytes + payload.length > maxBytes);
            if (!full) {
                waiting.add(new PendingPublish(++sequence, payload, channels, promise));
                events++;
                bytes += payload.length;
                idle = state == State.IDLE;
                if (idle) {
                    state = State.SCHEDULED;
                }
            }
        }
        if (full) {
            refuse(channels, promise);
        } else if (idle) {
            serving.executeThenServe(task);
        }
    }

    private void refuse(Set<String> channels, @Nullable CompletableFuture<Void> promise) {
        ChannelsException full =
                new ChannelsException(
                        ErrorCode.PUBLISH_QUEUE_FULL,
                        "A publish to "
                                + ChannelNames.printable(channels)
                                + " failed: "
                                + maxEvents
                                + " publishes or "
                                + maxBytes
                                + " bytes wait for the broker already. Publish less, wait for"
                                + " waitPublished, or raise channels.publish-queue-max-events and"
                                + " channels.publish-queue-max-bytes.");
        report.refused(full, promise);
    }

    // ---- Handing over

    /**
     * Hands over batch by batch.
     *
     * @param produceMany to be called before more than one event is handed over
     */
    private void run(Runnable produceMany) {
        long start = System.nanoTime();
        boolean first = true;
        for (Call call = beginCall(); call != null; call = beginCall()) {
            List<PendingPublish> entries = call.entries();
            if (!first || entries.size() > 1) {
                produceMany.run();
            }
            first = false;
            List<Publication> publications = Collections.unmodifiableList(entries);
            BackendCalls.call(() -> backend.publish(publications))
                    .whenComplete((v, failure) -> settle(entries, failure));
            if (!isSettled(call)) {
                return;
            }
            if (System.nanoTime() - start > TURN_NANOS) {
                serving.executeThenServe(task);
                return;
            }
        }
    }

    /** Takes the batch to hand over, the old one after an outage; null if there is none. */
    private @Nullable Call beginCall() {
        synchronized (lock) {
            if (batch.isEmpty()) {
                batch = nextBatch();
            }
            if (batch.isEmpty()) {
                state = State.IDLE;
                if (emptied != null) {
                    emptied.complete(null);
                }
                return null;
            }
            state = State.CALLING;
            return new Call(++calls, batch);
        }
    }

    private List<PendingPublish> nextBatch() {
        List<PendingPublish> next = new ArrayList<>(Math.min(BATCH_EVENTS, waiting.size()));
        long size = 0;
        while (next.size() < BATCH_EVENTS && size < BATCH_BYTES && !waiting.isEmpty()) {
            PendingPublish entry = waiting.remove();
            next.add(entry);
            size += entry.payload().length;
        }
        return next;
    }

    /**
     * After the backend was called: true if its stage is closed already and the task goes on. A
     * call that paused may find another one under way, which is not its own.
     */
    private boolean isSettled(Call call) {
        synchronized (lock) {
            if (call.number() != calls) {
                return false;
            }
            if (state == State.CALLING) {
                state = State.AWAITING;
            }
            return state == State.SETTLED;
        }
    }

    /** The stage of a batch is closed; on any thread. */
    private void settle(List<PendingPublish> settled, @Nullable Throwable outcome) {
        Throwable failure = outcome == null ? null : BackendCalls.reason(outcome);
        if (failure instanceof BrokerUnavailableException) {
            pause(settled, failure);
            return;
        }
        boolean awaited;
        synchronized (lock) {
            if (batch != settled) {
                return;
            }
            awaited = state == State.AWAITING;
            state = awaited ? State.SCHEDULED : State.SETTLED;
            attempts = 0;
            batch = List.of();
            forget(settled);
        }
        report.settled(settled, failure);
        if (awaited) {
            serving.executeThenServe(task);
        }
    }

    private void forget(List<PendingPublish> settled) {
        events -= settled.size();
        for (PendingPublish entry : settled) {
            bytes -= entry.payload().length;
        }
        if (events <= maxEvents / 2 && bytes <= maxBytes / 2) {
            report.hasRoom();
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
            delay = Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(attempts++, 6));
        }
        report.waiting(maxEvents + " events and " + maxBytes + " bytes", failure);
        long jittered = delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
        try {
            var unused = scheduler.schedule(this::resume, jittered, TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            // Whatever a container throws that is being stopped.
            Log.warn(
                    ErrorCode.EXECUTOR,
                    "The scheduler refuses tasks (is the server stopping?); publishes wait until the"
                            + " backend says that the broker is back.",
                    e);
        }
    }

    /** Tries again, now rather than later: the broker is said to be back, or the delay is over. */
    public void resume() {
        synchronized (lock) {
            if (state != State.PAUSED) {
                return;
            }
            state = State.SCHEDULED;
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
