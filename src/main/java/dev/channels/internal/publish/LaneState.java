package dev.channels.internal.publish;

import dev.channels.spi.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What waits in the lane, and whether it is under way. Says what is to be done, and does nothing
 * itself; used under the lock of the lane.
 *
 * <pre>
 *           publish                    broker unavailable: keeps the batch
 *   IDLE ─────────────▶ RUNNING ──────────────────────────────────────────▶ PAUSED
 *    ▲                    │ ▲                                                  │
 *    └── nothing waits ───┘ └──────── delay over, broker said to be back ──────┘
 * </pre>
 *
 * <p>RUNNING is a task that is handed over or at work, or a batch that the backend has not settled
 * yet.
 *
 * <p>Order: a batch is handed over only after the one before is settled, so what one thread
 * publishes stays in order, whatever fails or is repeated.
 */
final class LaneState {

    /** What becomes of a publish. */
    enum Admission {
        /** Too much waits already. */
        REFUSED,
        /** It waits behind others, which are under way. */
        WAITS,
        /** It waits, and a task is to be started. */
        STARTS
    }

    private enum Phase {
        IDLE,
        RUNNING,
        PAUSED
    }

    private static final int BATCH_EVENTS = 1_000;
    private static final long BATCH_BYTES = 1 << 20;
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final int maxEvents;
    private final long maxBytes;
    private final ArrayDeque<PendingPublish> waiting = new ArrayDeque<>();
    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);
    private Phase phase = Phase.IDLE;

    /** What the backend was given and has not settled. */
    private List<PendingPublish> batch = List.of();

    /** How many publishes wait or are in the batch, and of how many bytes. */
    private int events;

    private long bytes;
    private long sequence;

    /** Whether the scheduler does not end the pause. */
    private boolean unscheduled;

    private boolean open = true;

    /**
     * Makes an open lane on which nothing waits.
     *
     * @param bounds how much may wait
     */
    LaneState(PublishBounds bounds) {
        this.maxEvents = bounds.maxEvents();
        this.maxBytes = bounds.maxBytes();
    }

    // ---- What comes

    /** Takes a publish, if there is room for it; an empty lane has room for one of any size. */
    Admission add(
            long acceptedAt,
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        if (events > 0 && (events == maxEvents || bytes + payload.length > maxBytes)) {
            return Admission.REFUSED;
        }
        waiting.add(
                new PendingPublish(++sequence, acceptedAt, payload, headers, channels, promise));
        events++;
        bytes += payload.length;
        if (phase == Phase.IDLE || (phase == Phase.PAUSED && unscheduled)) {
            phase = Phase.RUNNING;
            return Admission.STARTS;
        }
        return Admission.WAITS;
    }

    // ---- What goes

    /** Returns the batch to hand over, the old one after an outage; rests if it is empty. */
    List<PendingPublish> nextCall() {
        if (batch.isEmpty()) {
            batch = nextBatch();
        }
        if (batch.isEmpty()) {
            phase = Phase.IDLE;
        }
        return batch;
    }

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

    /** Forgets a batch that is settled; returns false if it was {@linkplain #clear cleared}. */
    boolean settle(List<PendingPublish> settled) {
        if (batch != settled) {
            return false;
        }
        batch = List.of();
        backoff.reset();
        events -= settled.size();
        for (PendingPublish entry : settled) {
            bytes -= entry.payload().length;
        }
        return true;
    }

    // ---- While the broker is away

    /** Keeps a batch for later; returns after what time, or null if it was cleared. */
    @Nullable Duration pause(List<PendingPublish> unsettled) {
        if (batch != unsettled) {
            return null;
        }
        phase = Phase.PAUSED;
        unscheduled = false;
        return backoff.next();
    }

    /** Nobody ends the pause by time: the next publish does. */
    void nobodyResumes() {
        unscheduled = true;
    }

    /** Ends a pause; returns false if there is none. */
    boolean resume() {
        if (phase != Phase.PAUSED) {
            return false;
        }
        phase = Phase.RUNNING;
        return true;
    }

    // ---- The end

    boolean isOpen() {
        return open;
    }

    /** Notes that nothing more is taken. */
    void close() {
        open = false;
    }

    /** Forgets all that waits, and the batch; returns it, in order. */
    List<PendingPublish> clear() {
        List<PendingPublish> left = new ArrayList<>(batch);
        left.addAll(waiting);
        waiting.clear();
        batch = List.of();
        events = 0;
        bytes = 0;
        return left;
    }

    /** Counts what was taken and is not settled. */
    int size() {
        return events;
    }
}
