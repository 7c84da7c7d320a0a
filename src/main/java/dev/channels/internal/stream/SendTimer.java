package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times one event at a time, from the mailbox to the end of its send. Not thread-safe; guarded by
 * the lock of its mailbox. The time is told outside of it.
 *
 * <pre>
 *   FREE ── an event waits ──▶ TIMING ── its send has ended ──▶ TAKEN ── told ──▶ FREE
 *     ▲                           │
 *     └──── it was lost, or nothing waits and nothing is sent
 * </pre>
 */
final class SendTimer {

    /** There is no time to be told. */
    static final long NOTHING = -1;

    private @Nullable ChannelEvent timed;
    private long since;
    private long taken = NOTHING;

    /** An event waits from now on; another one is timed perhaps. */
    void begin(ChannelEvent event) {
        if (timed == null && taken == NOTHING) {
            timed = event;
            since = System.nanoTime();
        }
    }

    /** A send has ended. */
    void ended(Delivery sent) {
        if (isTimed(sent)) {
            timed = null;
            taken = Math.max(0, System.nanoTime() - since);
        }
    }

    /** Tells whether it is the one itself: another may be equal. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isTimed(Delivery delivery) {
        return delivery == timed;
    }

    /** Some events will never be sent. */
    void lost(List<ChannelEvent> events) {
        for (ChannelEvent event : events) {
            if (isTimed(event)) {
                timed = null;
            }
        }
    }

    /** Nothing is to be sent, or is in flight: what is timed has gone another way. */
    void idle() {
        timed = null;
    }

    /** Takes the time of the event whose send has ended, in nanoseconds; or {@link #NOTHING}. */
    long take() {
        long told = taken;
        taken = NOTHING;
        return told;
    }
}
