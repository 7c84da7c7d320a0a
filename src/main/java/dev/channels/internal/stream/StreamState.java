package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the stream of one mailbox stands, and what is to be done next. Not thread-safe; guarded by
 * the lock of the mailbox. Nothing here calls out: who asks does it, without the lock.
 *
 * <p>The life of the stream:
 *
 * <pre>
 *   OPEN ──stop(true), unsubscribed──▶ CLOSING ──backlog consumed──▶ ENDED
 *     │                                   │                            ▲
 *     └────────────────── stop(false), cancel, failed, overflow ───────┘
 * </pre>
 *
 * <p>OPEN takes events; CLOSING takes none and lets the consumer finish; ENDED has no backlog.
 *
 * <p>The drain, where there is one:
 *
 * <pre>
 *           work came, or a send completed              a pool task takes it
 *   IDLE ─────────────────────────────────────▶ READY ─────────────────────▶ DRAINING
 *    ▲                                            ▲                            │ │ │
 *    │                                            └──── its turn is used up ───┘ │ │
 *    └────────── nothing to send, or the window is full ─────────────────────────┘ │
 *   OVER ◀──────────── stream ended; the sender was told ──────────────────────────┘
 * </pre>
 */
final class StreamState {

    enum Phase {
        OPEN,
        CLOSING,
        ENDED
    }

    /** What the drain does when it does not send. */
    enum Step {
        /** Have the next page of a history read: {@link StreamQueue#takeRead()}. */
        READ,
        FLUSH,
        /** More sends were completed than there were. */
        REFUSE,
        END,
        NOTHING
    }

    final StreamQueue queue;

    private static final int NONE = 0;
    private static final int IDLE = 1;
    private static final int READY = 2;
    private static final int DRAINING = 3;
    private static final int OVER = 4;

    private Phase phase = Phase.OPEN;

    /** Where the drain stands; a number, see {@link #next}. */
    private int draining = NONE;

    private @Nullable Window window;
    private boolean flushDue;
    private @Nullable Throwable failure;

    StreamState(Limits limits) {
        queue = new StreamQueue(limits);
    }

    // ---- The stream

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    boolean isEnded() {
        return phase == Phase.ENDED;
    }

    /** Tells whether the stream is over once the sends in flight are. */
    boolean isConsumed() {
        return phase != Phase.OPEN && queue.isEmpty();
    }

    @Nullable Throwable failure() {
        return failure;
    }

    /** Takes no new events. */
    void close() {
        if (phase == Phase.OPEN) {
            phase = Phase.CLOSING;
        }
    }

    /** The stream is over, early if there is a cause. */
    void end(@Nullable Throwable cause) {
        phase = Phase.ENDED;
        failure = cause;
    }

    // ---- The drain

    boolean isRunning() {
        return draining != NONE && draining != OVER;
    }

    void beginDraining(EventSender sender) {
        window = new Window(sender);
        draining = IDLE;
    }

    /** Makes an idle drain ready if there is work; it must then be queued. */
    boolean becomeReady() {
        if (draining != IDLE || !hasWork()) {
            return false;
        }
        draining = READY;
        return true;
    }

    private boolean hasWork() {
        Window sends = window;
        if (phase == Phase.ENDED || sends == null || queue.hasRead()) {
            return true;
        }
        return queue.isEmpty() ? isConsumed() && sends.isEmpty() : sends.isOpen();
    }

    /**
     * Decides what the drain does next, and moves it there.
     *
     * <p>What comes with every event or turn writes no reference into this object: in objects that
     * live long, the collector's care for one costs as much as all the rest.
     *
     * @param completed how many sends its own thread has completed
     * @return the {@link Delivery} that it sends, or the {@link Step} that it takes instead
     */
    Object next(int completed) {
        Window sends = window;
        draining = DRAINING;
        int tooMany = settle(completed);
        if (phase == Phase.ENDED || sends == null) {
            return Step.END;
        }
        if (tooMany > 0) {
            return Step.REFUSE;
        }
        Delivery next = queue.hasRead() || !sends.isOpen() ? null : queue.poll();
        if (next == null) {
            return withoutSending(sends);
        }
        sends.begin(next);
        flushDue = true;
        return next;
    }

    private Step withoutSending(Window sends) {
        if (queue.hasRead()) {
            return Step.READ;
        }
        if (flushDue) {
            flushDue = false;
            return Step.FLUSH;
        }
        if (isConsumed() && sends.isEmpty()) {
            phase = Phase.ENDED;
            return Step.END;
        }
        if (sends.isEmpty()) {
            idleTimer();
        }
        draining = IDLE;
        return Step.NOTHING;
    }

    /**
     * The drain's turn is used up; it must be queued again.
     *
     * @return how many completions were too many, for the next turn to refuse
     */
    int endTurn(int completed) {
        draining = READY;
        return settle(completed);
    }

    /** Ends so many of the oldest sends; returns how many completions were too many. */
    int settle(int completed) {
        Window sends = window;
        int left = completed;
        while (left > 0 && sends != null && sends.complete()) {
            left--;
        }
        return left;
    }

    // ---- How long sends take

    /** An event waits, and somebody wants to know how long it takes to be sent. */
    void time(ChannelEvent event) {
        SendTimer timer = window == null ? null : window.timer();
        if (timer != null) {
            timer.begin(event);
        }
    }

    /** Events will never be sent. */
    void lost(List<ChannelEvent> lost) {
        SendTimer timer = window == null ? null : window.timerInUse();
        if (timer != null) {
            timer.lost(lost);
        }
    }

    private void idleTimer() {
        SendTimer timer = window == null ? null : window.timerInUse();
        if (timer != null) {
            timer.idle();
        }
    }

    /** Takes the time that a send took, in nanoseconds; or {@link SendTimer#NOTHING}. */
    long takeTime() {
        SendTimer timer = window == null ? null : window.timerInUse();
        return timer == null ? SendTimer.NOTHING : timer.take();
    }

    /** The sender was told of the end; returns how many events were in flight. */
    int over() {
        draining = OVER;
        Window current = window;
        return current == null ? 0 : current.events();
    }

    /** Returns how many events are to be sent or in flight. */
    int remaining() {
        Window current = window;
        return queue.size() + (current == null ? 0 : current.events());
    }
}
