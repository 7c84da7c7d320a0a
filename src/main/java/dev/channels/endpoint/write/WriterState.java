package dev.channels.endpoint.write;

import dev.channels.EventSender.Completion;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection.Health;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far the writing to one session has come. Says what is to be done, and does nothing itself;
 * used under the lock of its writer.
 *
 * <pre>
 *   OPEN ──ended, nothing in flight──────────────────────────────▶ CLOSED
 *    │ └──ended, sends in flight──▶ ENDING ──the last completes──▶   ▲
 *    └──────────── onClose, given up (also from ENDING) ─────────────┘
 * </pre>
 *
 * <p>A ping that no send may overlap counts as a send in flight. One frame at the most waits for
 * its end, since the window is one then.
 */
final class WriterState {

    /** What is to be done with a frame. */
    enum Step {
        SEND,
        WAIT,
        REFUSE
    }

    private enum Phase {
        OPEN,
        ENDING,
        CLOSED
    }

    private final long sendTimeout;
    private final LongSupplier clock;
    private Phase phase = Phase.OPEN;
    private int inFlight;
    private long lastProgress;
    private long closedAt;
    private @Nullable Completion completion;
    private @Nullable Ending ending;

    /** Whether a ping is in flight that no send may overlap. */
    private boolean pinging;

    private @Nullable Frame waiting;

    /**
     * Makes the state of a session that is open.
     *
     * @param sendTimeout for how many nanoseconds sends may be in flight without one of them ending
     * @param clock tells the time in nanoseconds
     */
    WriterState(long sendTimeout, LongSupplier clock) {
        this.sendTimeout = sendTimeout;
        this.clock = clock;
    }

    // ---- Sends

    /** Counts a frame as in flight, unless it is refused. */
    Step begin(Frame frame, Completion done) {
        if (phase != Phase.OPEN) {
            return Step.REFUSE;
        }
        if (inFlight++ == 0) {
            lastProgress = clock.getAsLong();
        }
        completion = done;
        if (pinging) {
            waiting = frame;
            return Step.WAIT;
        }
        return Step.SEND;
    }

    /** Counts a send as over; returns whether it was the one that the close waits for. */
    boolean completeOne() {
        inFlight--;
        lastProgress = clock.getAsLong();
        boolean last = phase == Phase.ENDING && inFlight == 0;
        if (last) {
            becomeClosed();
        }
        return last;
    }

    /** Returns who is told what becomes of sends; null before the first one, and after the end. */
    @Nullable Completion completion() {
        return completion;
    }

    // ---- Pings

    /** Tells whether a ping may be sent; a serial remote takes none beside a send. */
    boolean hasRoomForPing(boolean serial) {
        return phase == Phase.OPEN && !(serial && inFlight > 0);
    }

    /** Lets nothing be sent beside a ping; returns false if something is in flight already. */
    boolean beginPing() {
        if (!hasRoomForPing(true)) {
            return false;
        }
        pinging = true;
        inFlight++;
        lastProgress = clock.getAsLong();
        return true;
    }

    /** Lets frames be sent again; returns the one that waited, if it is still to be sent. */
    @Nullable Frame endPing() {
        pinging = false;
        Frame next = phase == Phase.CLOSED ? null : waiting;
        waiting = null;
        return next;
    }

    // ---- The look from outside

    /** Returns what the times say of the session; null if they say nothing. */
    @Nullable Health look(long now) {
        if (phase == Phase.CLOSED) {
            // The engine should have told of the end by now.
            return now - closedAt > sendTimeout ? Health.GONE : Health.FINE;
        }
        return inFlight > 0 && now - lastProgress > sendTimeout ? Health.STUCK : null;
    }

    // ---- The end

    /** Begins no send any more; returns whether the session is to be closed now. */
    boolean end(Ending because) {
        if (phase != Phase.OPEN) {
            return false;
        }
        ending = because;
        if (inFlight > 0) {
            phase = Phase.ENDING;
            return false;
        }
        becomeClosed();
        return true;
    }

    /** Ends at once; returns who is to be told that nothing is sent any more, if anybody. */
    @Nullable Completion close() {
        Completion last = completion;
        completion = null;
        becomeClosed();
        return last;
    }

    private void becomeClosed() {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            closedAt = clock.getAsLong();
        }
    }

    /** Says why the session ends, unless it is said already. */
    void giveReason(Ending because) {
        if (ending == null) {
            ending = because;
        }
    }

    /** Returns the reason given first, or null. */
    @Nullable Ending ending() {
        return ending;
    }
}
