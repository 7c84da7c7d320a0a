package dev.channels.sse;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Note;
import dev.channels.Position;
import dev.channels.Refused;
import dev.channels.endpoint.write.ResponseWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Translates the stream of one response into Server-Sent Events: events, and gaps; and says with
 * each up to where the client has had all of its channels.
 */
final class SseStream implements EventSender {

    /** What a stream asks and tells; by the thread that drains it. */
    interface Owner {

        /** Tells whether clients are told where they stand in a channel. */
        boolean recovers(String channel);

        /** The client is subscribed to a channel. */
        void joined(String channel);

        /** A note has come through, which asked for a comment. */
        void pinged();

        /**
         * A channel is refused, so the response ends.
         *
         * @return how long the client is to stay away, in milliseconds
         */
        long refused(Refused refused);

        /**
         * Returns how long the client is to stay away, in milliseconds, when the application stops.
         */
        long comeBackAfter();

        /** The response is ended from this side. */
        void ends(@Nullable Throwable failure);
    }

    /** More at once win nothing: they fill a write. */
    private static final int WIDEST = 256;

    private static final int NARROWEST = 16;

    /** About as much as a channel adds to an id at the most. */
    private static final int ID_SIZE = 100;

    private static final long WINDOW_SIZE = 2L * ResponseWriter.MAX_SIZE;

    private final ResponseWriter writer;
    private final boolean mayBlock;
    private final int window;
    private final Owner owner;
    private final StreamPositions positions = new StreamPositions();

    /** Whether the client was not told yet where it stands. */
    private boolean moved;

    /**
     * Makes a translator.
     *
     * @param writer writes the response
     * @param mayBlock see {@link EventSender#mayBlock()}
     * @param channels how many there are; an id stands before each event, and grows with them
     * @param owner gives the stream its name, too
     */
    SseStream(ResponseWriter writer, boolean mayBlock, int channels, Owner owner) {
        this.writer = writer;
        this.mayBlock = mayBlock;
        long fitting = WINDOW_SIZE / Math.max(1L, (long) ID_SIZE * channels);
        this.window = (int) Math.max(NARROWEST, Math.min(WIDEST, fitting));
        this.owner = owner;
    }

    /**
     * Says up to where the client has had a channel that is joined later, so that the ids of the
     * channels that are joined before it keep that; before the stream begins.
     */
    void beginsAfter(String channel, Position position) {
        positions.put(channel, position);
    }

    /** So few that the ids before them, which nobody counts, are no more than the payloads. */
    @Override
    public int maxInFlight() {
        return window;
    }

    @Override
    public long maxInFlightBytes() {
        return WINDOW_SIZE;
    }

    @Override
    public boolean mayBlock() {
        return mayBlock;
    }

    /**
     * Begins to send an item.
     *
     * @throws IOException if the response has ended, or a channel of it is refused: then all of it
     *     ends, so that the client comes back with its positions
     */
    @Override
    public void send(Delivery delivery, Completion done) throws IOException {
        if (delivery instanceof ChannelEvent event) {
            event(event, done);
            return;
        }
        if (delivery instanceof Joined joined) {
            joined(joined, done);
            return;
        }
        if (delivery instanceof Gap gap) {
            writer.add(SseForms.gap(gap.channel()));
        } else if (delivery instanceof Note) {
            owner.pinged();
            writer.add(SseForms.PING);
        } else if (delivery instanceof Refused refused) {
            writer.add(SseForms.retry(owner.refused(refused)));
            owner.ends(refused.reason());
            throw new IOException(this + " has a channel that is refused", refused.reason());
        }
        done.sent();
    }

    private void event(ChannelEvent event, Completion done) throws IOException {
        boolean known = positions.has(event.channel());
        if (known) {
            positions.put(event.channel(), event.position());
            moved = true;
        }
        byte[] block;
        try {
            block = SseForms.of(event);
        } catch (ChannelsException e) {
            done.skipped(e);
            return;
        }
        if (known) {
            moved = false;
            writer.add(done, SseForms.id(positions.toString()), block);
        } else {
            writer.add(done, block);
        }
    }

    /** Without a position the backend keeps no history, and offsets of its events mean nothing. */
    private void joined(Joined joined, Completion done) throws IOException {
        if (!joined.complete()) {
            writer.add(SseForms.gap(joined.channel()));
        }
        Position position = joined.position();
        if (position != null && owner.recovers(joined.channel())) {
            positions.put(joined.channel(), position);
            moved = false;
            // An event, so that a page learns the id though the channel stays quiet.
            writer.add(done, SseForms.id(positions.toString()), SseForms.joined(joined.channel()));
        } else {
            positions.remove(joined.channel());
            done.sent();
        }
        owner.joined(joined.channel());
    }

    @Override
    public void flush() {
        if (moved) {
            moved = false;
            writer.add(SseForms.id(positions.toString()), SseForms.end());
        }
        writer.flush();
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        if (failure == null
                || (failure instanceof ChannelsException known
                        && known.errorCode() == ErrorCode.NOT_RUNNING)) {
            writer.add(SseForms.retry(owner.comeBackAfter()));
        }
        owner.ends(failure);
        writer.end();
    }

    /** Returns its name, for messages. */
    @Override
    public String toString() {
        return owner.toString();
    }
}
