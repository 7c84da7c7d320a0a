package dev.channels.sse;

import dev.channels.Caller;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Note;
import dev.channels.Position;
import dev.channels.PresentClient;
import dev.channels.Refused;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.write.ResponseWriter;
import dev.channels.server.ResponseRemote;
import dev.channels.spi.ChannelNames;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ties together what one response has: its stream, what it writes, and until when it may go on. Its
 * methods may be called by any thread.
 */
final class SseConnection implements OpenConnection, SseStream.Owner {

    /** When a client comes back whose response has ended for a reason of its own. */
    private static final long RETRY_MILLIS = 1_000;

    private static final long RETRY_SPREAD_MILLIS = 2_000;

    /** The same for a response that cannot be had, which may stay so. */
    private static final long REFUSED_MILLIS = 30_000;

    /** So long, for each that is connected, they are spread when all of them come back. */
    private static final long STOP_SPREAD_MILLIS = 2;

    private static final long LONGEST_STOP_SPREAD_MILLIS = 30_000;

    private final String id = UUID.randomUUID().toString();
    private final Doors doors;
    private final SseSettings settings;
    private final SseQuery query;
    private final Handshake handshake;
    private final Caller caller;
    private final ResponseRemote remote;
    private final ResponseWriter writer;
    private final AtomicBoolean pinging = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Subscription subscription;

    /** Why this side has ended the response; null as long as it has not. */
    private volatile @Nullable Ending ending;

    /** Whether nothing was in flight when the application stopped. */
    private volatile boolean parting;

    /**
     * Makes a connection that nothing is written to yet.
     *
     * @param query what the client may have
     * @param handshake what let it in
     * @param remote writes the response
     */
    SseConnection(
            Doors doors,
            SseSettings settings,
            SseQuery query,
            Handshake handshake,
            ResponseRemote remote) {
        this.doors = doors;
        this.settings = settings;
        this.query = query;
        this.handshake = handshake;
        this.caller = handshake.caller();
        this.remote = remote;
        this.writer = new ResponseWriter(remote, this::gone);
    }

    /** Begins; to be called once, by the thread of the request, as the last thing that it does. */
    void begin() {
        if (!doors.connections().add(this, handshake)) {
            if (parting) {
                // The application has begun to stop since the head was sent.
                beginToWrite();
            }
            return;
        }
        if (!query.channels().stream().allMatch(c -> doors.connections().follow(this, c))) {
            doors.connections().giveUp(this, Ending.TOO_MANY_CHANNELS);
            return;
        }
        writer.add(SseForms.retry(random(RETRY_MILLIS, RETRY_SPREAD_MILLIS)));
        writer.flush();
        try {
            join();
        } catch (ChannelsException e) {
            if (e.errorCode() != ErrorCode.NOT_RUNNING) {
                doors.log().warn(e.errorCode(), this + " got no stream: " + e.getMessage());
                writer.add(SseForms.retry(random(REFUSED_MILLIS, REFUSED_MILLIS)));
            } else {
                writer.add(SseForms.retry(comeBackAfter()));
            }
            writer.end();
        }
        if (over.get()) {
            closeStream();
        }
        beginToWrite();
    }

    private void beginToWrite() {
        try {
            remote.begin(writer);
        } catch (RuntimeException e) {
            writer.failed(e);
        }
    }

    private void join() {
        SseStream stream = new SseStream(writer, remote.mayBlock(), query.channels().size(), this);
        for (String channel : query.channels()) {
            Position position = positionOf(channel);
            if (position != null) {
                stream.beginsAfter(channel, position);
            }
        }
        Subscription opened = doors.plugin().openSubscription(stream);
        subscription = opened;
        for (String channel : query.channels()) {
            opened.join(startOf(channel), channel);
        }
    }

    /** Returns up to where the client has had a channel, or null if it may not resume it. */
    private @Nullable Position positionOf(String channel) {
        return recovers(channel) ? query.positions().get(StreamPositions.key(channel)) : null;
    }

    private Start startOf(String channel) {
        Position position = positionOf(channel);
        if (position != null) {
            return Start.after(position);
        }
        return query.history() == 0 ? Start.now() : Start.last(query.history());
    }

    // ---- What the stream asks and tells

    @Override
    public boolean recovers(String channel) {
        return doors.settings().policies().of(channel).recover();
    }

    /** Others may ask who is there, where a policy has it so. */
    @Override
    public void joined(String channel) {
        Subscription open = subscription;
        doors.connections().subscribed(this, channel);
        PresentClient client = doors.present(id, caller, channel, null);
        if (open != null && client != null) {
            open.enter(channel, client);
        }
    }

    @Override
    public void pinged() {
        pinging.set(false);
    }

    @Override
    public long refused(Refused refused) {
        doors.log()
                .warn(
                        refused.reason().errorCode(),
                        this + " is ended: " + refused.reason().getMessage());
        return random(REFUSED_MILLIS, REFUSED_MILLIS);
    }

    @Override
    public void ends(@Nullable Throwable failure) {
        if (ending == null) {
            ending = Ending.of(failure);
        }
    }

    @Override
    public long comeBackAfter() {
        long spread = STOP_SPREAD_MILLIS * doors.connections().size();
        return random(
                RETRY_MILLIS,
                Math.min(LONGEST_STOP_SPREAD_MILLIS, Math.max(RETRY_SPREAD_MILLIS, spread)));
    }

    private static long random(long least, long spread) {
        return least + ThreadLocalRandom.current().nextLong(spread);
    }

    // ---- The look from outside

    @Override
    public int backlog() {
        Subscription open = subscription;
        return open == null ? 0 : open.subscriber().backlogSize();
    }

    @Override
    public String id() {
        return id;
    }

    /**
     * Looks after the response. What is written now and then is the only way to find a client that
     * has left: it says nothing itself.
     */
    @Override
    public Health look(long now, Executor asking) {
        if (writer.isStuckFor(doors.settings().sendTimeout().toNanos(), now)) {
            return Health.STUCK;
        }
        if (!remote.isOpen()) {
            return Health.GONE;
        }
        Subscription open = subscription;
        if (open != null
                && writer.isIdle()
                && now - writer.quietSince() >= settings.pingInterval().toNanos()
                && pinging.compareAndSet(false, true)) {
            open.put(new Note("ping", SseForms.PING.length));
        }
        return Health.FINE;
    }

    /** One that reads is told when to come back, if the application stops; see {@link #close}. */
    @Override
    public void giveUp(Ending because) {
        if (because.equals(Ending.STOPPING) && writer.isIdle()) {
            parting = true;
            gone();
        } else {
            writer.fail(new IOException(this + " was given up: " + because.reason()));
        }
    }

    @Override
    public void close() {
        // Whoever has given it up meanwhile for another reason comes here later.
        if (parting && !writer.isOver()) {
            part();
        } else {
            remote.giveUp();
        }
    }

    private void part() {
        writer.add(SseForms.retry(comeBackAfter()));
        writer.end();
    }

    @Override
    public boolean isConnected() {
        return writer.hasFailedInFlight() && remote.isConnected();
    }

    @Override
    public void terminate() {
        // Otherwise it may serve another request already.
        if (writer.hasFailedInFlight()) {
            remote.terminate();
        }
    }

    // ---- The end

    private void gone() {
        doors.connections().remove(this, ending);
        if (over.compareAndSet(false, true)) {
            closeStream();
        }
    }

    private void closeStream() {
        Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    /** Returns what the log calls it. */
    @Override
    public String toString() {
        return "A response with events of " + ChannelNames.printable(query.channels());
    }
}
