package dev.channels.websocket;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.SendMode;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.write.SessionWriter;
import dev.channels.server.SessionRemote;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sends the events of one channel to one session, a frame for each. */
final class SessionSender implements EventSender {

    private static final Ending EVENTS_LOST =
            new Ending(1013, "Events were lost; connect again for the history");

    private final SessionWriter writer;
    private final SessionRemote remote;
    private final SendMode mode;
    private final boolean sendsHistory;
    private final Runnable joined;

    /**
     * Makes a sender.
     *
     * @param sendsHistory whether a client that comes back is sent history, so that it is better
     *     off than one that stays behind a gap
     * @param joined called when the stream has begun, and may be again later
     */
    SessionSender(SessionWriter writer, SendMode mode, boolean sendsHistory, Runnable joined) {
        this.joined = joined;
        this.sendsHistory = sendsHistory;
        this.writer = writer;
        this.remote = writer.remote();
        this.mode = mode;
    }

    @Override
    public int maxInFlight() {
        return remote.maxInFlight();
    }

    @Override
    public long maxInFlightBytes() {
        return remote.maxInFlightBytes();
    }

    @Override
    public boolean mayBlock() {
        return remote.mayBlock();
    }

    /**
     * Begins to send an event.
     *
     * @throws IOException if the session is closed or about to be, which ends the stream
     */
    @Override
    public void send(Delivery delivery, Completion done) throws IOException {
        if (delivery instanceof Joined) {
            joined.run();
        }
        if (!(delivery instanceof ChannelEvent event)) {
            if (sendsHistory && delivery instanceof Gap gap && gap.cause() == Gap.Cause.BROKER) {
                writer.end(EVENTS_LOST);
                throw new IOException(this + " was closed at a gap");
            }
            done.sent();
            return;
        }
        if (mode == SendMode.BINARY) {
            writer.sendBinary(event.buffer(), done);
            return;
        }
        String text;
        try {
            text = event.text();
        } catch (ChannelsException e) {
            done.skipped(e);
            return;
        }
        writer.sendText(text, event.size(), done);
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        writer.end(Ending.of(failure));
    }

    @Override
    public String toString() {
        return writer.toString();
    }
}
