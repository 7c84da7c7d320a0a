package dev.channels.console;

import dev.channels.ChannelsException;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.write.ResponseWriter;
import dev.channels.server.ResponseRemote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one operator, as Server-Sent Events, how the node stands, once in a second, and the
 * tail of a channel. A state is made when the one before has been read: who reads slowly is shown
 * fewer of them.
 *
 * <p>Safe for use by any thread.
 */
final class ConsoleConnection implements OpenConnection {

    /** The look at connections comes once in a second at the latest. */
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(900);

    private final String id = UUID.randomUUID().toString();
    private final Doors doors;
    private final Handshake handshake;
    private final ResponseRemote remote;
    private final Supplier<String> source;
    private final @Nullable Tail tail;
    private final Runnable over;
    private final ResponseWriter writer;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicBoolean preparing = new AtomicBoolean();
    private volatile @Nullable Subscription subscription;
    private volatile long shownAt;

    /**
     * Makes a connection that nothing is written to yet.
     *
     * @param source makes a state
     * @param tail of a channel, or null
     * @param over called once when it is over
     */
    ConsoleConnection(
            Doors doors,
            Handshake handshake,
            ResponseRemote remote,
            Supplier<String> source,
            @Nullable Tail tail,
            Runnable over) {
        this.doors = doors;
        this.handshake = handshake;
        this.remote = remote;
        this.source = source;
        this.tail = tail;
        this.over = over;
        this.writer = new ResponseWriter(remote, this::gone);
    }

    /** Begins; to be called once, by the thread of the request, as the last thing that it does. */
    void begin() {
        // Not named: an operator is no client that others are told of.
        if (!doors.connections().addUnnamed(this, handshake)) {
            return;
        }
        try {
            showState();
            if (tail != null) {
                follow(tail);
            }
            if (isOver.get()) {
                closeTail();
            }
            remote.begin(writer);
        } catch (RuntimeException e) {
            writer.failed(e);
        }
    }

    private void follow(Tail followed) {
        followed.showTo(json -> write("tail", json), remote.mayBlock());
        try {
            subscription =
                    doors.plugin()
                            .startSubscription(List.of(followed.channel()), Start.now(), followed);
        } catch (ChannelsException e) {
            followed.ended(e);
        }
    }

    private void showState() {
        write("state", source.get());
        shownAt = System.nanoTime();
    }

    // ---- Writing

    private void write(String event, String json) {
        writer.add(
                ("event: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
        writer.flush();
    }

    // ---- The look from outside

    @Override
    public String id() {
        return id;
    }

    @Override
    public Health look(long now, Executor asking) {
        if (writer.isStuckFor(doors.settings().sendTimeout().toNanos(), now)) {
            return Health.STUCK;
        }
        if (!remote.isOpen()) {
            return Health.GONE;
        }
        if (writer.isIdle() && now - shownAt >= PERIOD && preparing.compareAndSet(false, true)) {
            asking.execute(this::next);
        }
        return Health.FINE;
    }

    /** What was shown has been read. */
    private void next() {
        try {
            if (tail != null) {
                tail.makeRoom();
            }
            showState();
        } catch (RuntimeException e) {
            // The application stops, or is at fault; a page that is quiet would say nothing.
            writer.failed(e);
        } finally {
            preparing.set(false);
        }
    }

    @Override
    public void giveUp(Ending ending) {
        boolean unused = writer.fail(new IOException(this + " was given up: " + ending.reason()));
    }

    @Override
    public void close() {
        if (writer.hasFailedInFlight()) {
            remote.giveUp();
        } else {
            remote.close();
        }
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
        doors.connections().remove(this);
        if (isOver.compareAndSet(false, true)) {
            closeTail();
            over.run();
        }
    }

    private void closeTail() {
        Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String toString() {
        return "The console of an operator";
    }
}
