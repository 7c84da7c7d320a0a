package dev.channels.backend.redis.streams;

import dev.channels.ChannelEvent;
import dev.channels.backend.redis.command.SubscribedChannel;
import dev.channels.backend.redis.command.UnsupportedFormats;
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
    private final UnsupportedFormats formats;
    private final CompletableFuture<Void> joined;
    private State state = State.JOINING;

    // Where the last event stands that this node has got, or does not want. The epoch is empty only
    // where Redis refused to begin a life of the channel.
    private String epoch = "";
    private StreamId last = StreamId.NONE;

    // What was pushed before its turn, and the newest event of that for which there was no room
    private final PushBuffer early;
    private String missedEpoch = "";
    private StreamId missed = StreamId.NONE;

    StreamChannel(
            String name,
            BackendSink sink,
            UnsupportedFormats formats,
            CompletableFuture<Void> joined,
            PushBuffer early) {
        this.name = name;
        this.sink = sink;
        this.formats = formats;
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

    StreamId last() {
        return last;
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
        if (!push.isKnown()) {
            formats.met(name, push.version());
            return state == State.LIVE && read();
        }
        if (state != State.LIVE) {
            if (!early.add(push)) {
                missedEpoch = push.epoch();
                missed = push.id();
            }
            return false;
        }
        StreamId id = push.id();
        boolean known = push.epoch().equals(epoch);
        if (known && id.offset() <= last.offset()) {
            // A greater stamp: Redis has lost what was there, and given the offset out again.
            return id.stamp() > last.stamp() && read();
        }
        byte[] body = push.body();
        boolean follows = id.follows(last) && (known || epoch.isEmpty());
        if (!follows || body == null) {
            return read();
        }
        epoch = push.epoch();
        take(StreamEntry.of(name, epoch, id, body));
        return false;
    }

    private void take(StreamEntry entry) {
        last = entry.id();
        ChannelEvent event = entry.event();
        if (event != null) {
            sink.deliver(event);
        } else {
            formats.met(name, Integer.toString(entry.version()));
            sink.gap(name);
        }
    }

    /**
     * Takes the head of the stream, at the beginning of a link.
     *
     * @return whether the stream must be read
     */
    boolean resume(String headEpoch, StreamId head) {
        if (state == State.JOINING) {
            epoch = headEpoch;
            last = head;
            return live();
        }
        boolean moved = !headEpoch.equals(epoch) || !head.equals(last);
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
    boolean probed(String headEpoch, StreamId head) {
        return state == State.LIVE && isElsewhere(headEpoch, head) && read();
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
        page.entries().forEach(this::take);
        last = page.end();
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

    private boolean isElsewhere(String headEpoch, StreamId head) {
        return !headEpoch.equals(epoch)
                || head.offset() > last.offset()
                || (head.offset() == last.offset() && head.stamp() != last.stamp());
    }

    private boolean missedSomething() {
        return !missedEpoch.isEmpty() && isElsewhere(missedEpoch, missed);
    }

    private boolean read() {
        state = State.READING;
        missedEpoch = "";
        return true;
    }
}
