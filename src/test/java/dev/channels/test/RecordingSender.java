package dev.channels.test;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A sender that records its calls. Sends stay in flight until the test completes them, unless a
 * script says otherwise. Calls that overlap are counted.
 */
public final class RecordingSender implements EventSender {

    /** What a send does. */
    @FunctionalInterface
    public interface Script {
        void send(ChannelEvent event, Completion completion) throws Exception;
    }

    private final List<ChannelEvent> sent = new ArrayList<>();
    private final List<Delivery> signals = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<@Nullable Throwable> ends = new CopyOnWriteArrayList<>();
    private final LinkedBlockingDeque<Completion> inFlight = new LinkedBlockingDeque<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final Script script;
    private int maxInFlight = 1;
    private long maxInFlightBytes = Long.MAX_VALUE;

    /** Leaves every send in flight. */
    public RecordingSender() {
        this.script = (event, completion) -> inFlight.add(completion);
    }

    public RecordingSender(Script script) {
        this.script = script;
    }

    public RecordingSender withWindow(int events, long bytes) {
        maxInFlight = events;
        maxInFlightBytes = bytes;
        return this;
    }

    @Override
    public void send(Delivery delivery, Completion completion) throws Exception {
        if (!(delivery instanceof ChannelEvent event)) {
            signals.add(delivery);
            completion.sent();
            return;
        }
        enter();
        try {
            synchronized (sent) {
                sent.add(event);
            }
            calls.add("send " + event.position().offset());
            script.send(event, completion);
        } finally {
            busy.set(false);
        }
    }

    @Override
    public void flush() {
        enter();
        calls.add("flush");
        busy.set(false);
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        enter();
        calls.add("ended");
        ends.add(failure);
        busy.set(false);
    }

    private void enter() {
        if (!busy.compareAndSet(false, true)) {
            overlaps.incrementAndGet();
        }
    }

    @Override
    public int maxInFlight() {
        return maxInFlight;
    }

    @Override
    public long maxInFlightBytes() {
        return maxInFlightBytes;
    }

    /** Completes the oldest send in flight. */
    public void completeOldest() {
        inFlight.remove().sent();
    }

    /** Completes so many of the oldest sends in flight in one call. */
    public void completeOldest(int sends) {
        Completion completion = inFlight.remove();
        for (int i = 1; i < sends; i++) {
            inFlight.poll();
        }
        completion.sent(sends);
    }

    /** Completes the newest send in flight. */
    public void completeNewest() {
        inFlight.removeLast().sent();
    }

    /** Takes the oldest send in flight. */
    public Completion takeOldest() {
        return inFlight.remove();
    }

    public int inFlight() {
        return inFlight.size();
    }

    public List<ChannelEvent> sent() {
        synchronized (sent) {
            return List.copyOf(sent);
        }
    }

    /** The calls so far: {@code send <offset>}, {@code flush}, {@code ended}. */
    public List<String> calls() {
        return calls;
    }

    public List<@Nullable Throwable> ends() {
        return ends;
    }

    /** What came beside the events. */
    public List<Delivery> signals() {
        return signals;
    }

    public int overlaps() {
        return overlaps.get();
    }

    @Override
    public String toString() {
        return "recording sender";
    }
}
