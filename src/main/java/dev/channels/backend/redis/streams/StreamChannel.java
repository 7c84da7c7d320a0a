package dev.channels.backend.redis.streams;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.redis.command.SubscribedChannel;
import dev.channels.spi.BackendSink;
import java.util.concurrent.CompletableFuture;

/**
 * Where this node stands in one channel, and what it does with what comes. The stream is the truth;
 * what is pushed is only taken where it follows on the last event without a hole.
 *
 * <pre>
 *             head known            pushed event does not follow,
 *             (subscribed)          head is elsewhere (after an outage, by a probe)
 *   JOINING ───────────────▶ LIVE ─────────────────────────────────▶ READING
 *      │                      ▲                                        │  ▲
 *      │ what was pushed      │ read to the end                        │  │ next page, or what was
 *      │ meanwhile does not   └────────────────────────────────────────┤  │ pushed meanwhile does
 *      └ follow ──────────────────────────────────────────────────────▶└──┘ not follow
 * </pre>
 *
 * <p>What is pushed before its turn waits in a buffer, so that a channel under load gets from
 * READING to LIVE without a further read; where the buffer is full, the stream is read again.
 *
 * <p>The end of a link makes LIVE to READING: what the next one pushes waits until {@link #resume}
 * has compared the heads, and begins the one read that there may be. A channel that a subscriber
 * joins stands at its head: it gets what comes from now on. Touched by the loop only.
 */
final class StreamChannel implements SubscribedChannel {

    private enum State {
        JOINING,
        LIVE,
        READING
    }

    private final String name;
    private final BackendSink sink;
    private final CompletableFuture<Void> joined;
    private State state = State.JOINING;

    // The position of the last event that this node has got, or does not want. The epoch is empty
    // before the first event of a channel that no one has ever published to.
    private String epoch = "";
    private long offset;

    // What was pushed before its turn, and the newest event of that for which there was no room
    private final PushBuffer early;
    private String missedEpoch = "";
    private long missedOffset;

    StreamChannel(String name, BackendSink sink, CompletableFuture<Void> joined, PushBuffer early) {
        this.name = name;
        this.sink = sink;
        this.joined = joined;
        this.early = early;
    }

    @Override
    public String name() {
        return name;
    }

    String epoch() {
        return epoch;
    }

    long offset() {
        return offset;
    }

    @Override
    public CompletableFuture<Void> joined() {
        return joined;
    }

    boolean isJoining() {
        return state == State.JOINING;
    }

    /**
     * Takes an event that was pushed.
     *
     * @return whether the stream must be read
     */
    boolean pushed(StreamPush push) {
        if (state != State.LIVE) {
            if (!early.add(push)) {
                missedEpoch = push.epoch();
                missedOffset = push.id().offset();
            }
            return false;
        }
        boolean known = push.epoch().equals(epoch);
        if (known && push.id().offset() <= offset) {
            return false;
        }
        byte[] payload = push.payload();
        boolean follows =
                known
                        ? push.id().previous() <= offset
                        : epoch.isEmpty() && push.id().previous() == 0;
        if (!follows || payload == null) {
            return read();
        }
        if (!known) {
            epoch = push.epoch();
        }
        offset = push.id().offset();
        sink.deliver(new ChannelEvent(name, new Position(epoch, offset), payload));
        return false;
    }

    /**
     * Takes the head of the stream, at the beginning of a link.
     *
     * @return whether the stream must be read
     */
    boolean resume(String headEpoch, long headOffset) {
        if (state == State.JOINING) {
            epoch = headEpoch;
            offset = headOffset;
            return live();
        }
        boolean moved = isElsewhere(headEpoch, headOffset) || offset > headOffset;
        return moved ? read() : live();
    }

    /** Says that the link is gone. */
    void lost() {
        forget();
        if (state == State.LIVE) {
            state = State.READING;
        }
    }

    @Override
    public void removed() {
        forget();
    }

    /** Forgets what was pushed before its turn. */
    void forget() {
        early.clear();
        missedEpoch = "";
    }

    /**
     * Takes the head of the stream, as it was before the last push that came.
     *
     * @return whether the stream must be read
     */
    boolean probed(String headEpoch, long headOffset) {
        return state == State.LIVE && isElsewhere(headEpoch, headOffset) && read();
    }

    /**
     * Takes what was read.
     *
     * @return whether the stream must be read again
     */
    boolean read(StreamPage page) {
        if (page.gap()) {
            sink.gap(name);
        }
        epoch = page.epoch();
        offset = page.end();
        page.events().forEach(sink::deliver);
        return page.complete() ? live() : read();
    }

    /**
     * Says that Redis refused to read the stream: the next push, or a probe, tries again. Nothing
     * is skipped meanwhile, as no push follows on a position that stays.
     */
    void unreadable() {
        forget();
        state = State.LIVE;
    }

    private boolean live() {
        state = State.LIVE;
        boolean again = false;
        for (StreamPush push : early.takeAll()) {
            // The first that does not follow begins another read; then the others wait again.
            again |= pushed(push);
        }
        if (again) {
            return true;
        }
        return missedSomething() && read();
    }

    private boolean isElsewhere(String headEpoch, long headOffset) {
        return !headEpoch.equals(epoch) || headOffset > offset;
    }

    private boolean missedSomething() {
        return !missedEpoch.isEmpty() && isElsewhere(missedEpoch, missedOffset);
    }

    private boolean read() {
        state = State.READING;
        missedEpoch = "";
        return true;
    }
}
