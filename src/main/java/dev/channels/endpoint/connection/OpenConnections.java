package dev.channels.endpoint.connection;

import dev.channels.Caller;
import dev.channels.ErrorCode;
import dev.channels.endpoint.policy.DoorSettings;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Refusal;
import dev.channels.endpoint.request.RefusalCounts;
import dev.channels.endpoint.task.Lane;
import dev.channels.endpoint.task.RecurringLog;
import dev.channels.endpoint.task.RepeatedTask;
import dev.channels.spi.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of one application, of all its doors. Looks after sends that do not end and
 * clients that are gone, because no server does it reliably: some ignore the send timeout, one
 * fails the send and leaves the session open, one does not tell of clients that leave at once.
 *
 * <p>Safe for use by any thread.
 */
public final class OpenConnections implements AutoCloseable {

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    /** How many threads may wait for clients that do not read, as Open Liberty does in a close. */
    static final int CLOSING = 8;

    /** How many threads may ping: Open Liberty takes seconds where a client broke the protocol. */
    private static final int ASKING = 16;

    private final ConnectionRegister register;
    private final RepeatedTask watch;
    private final Lane closing;
    private final Lane asking;
    private final ConnectionStop stop;
    private final Arrivals arrivals;
    private final LeftConnections left;

    /** Says once in a while what each of many connections would say. */
    private final RecurringLog log = new RecurringLog(System::nanoTime);

    /**
     * Makes an empty collection.
     *
     * @param settings how many there may be, and how often they want to be looked at
     * @param closeTimeout how long {@link #close} waits
     * @param executor closes connections; never refuses, and never runs a task on the calling
     *     thread
     * @param scheduler looks after the connections
     * @param refusals counts those that are one too many
     * @param listener is told who comes and goes; null where nobody wants to know
     */
    public OpenConnections(
            DoorSettings settings,
            Duration closeTimeout,
            Executor executor,
            ScheduledExecutorService scheduler,
            RefusalCounts refusals,
            @Nullable ClientListener listener) {
        this.register = new ConnectionRegister(settings, refusals);
        long shortest = settings.shortest().toNanos();
        this.watch =
                new RepeatedTask(
                        scheduler,
                        this::look,
                        Math.min(LONGEST_LOOK.toNanos(), Math.max(1, shortest / 4)));
        this.closing = new Lane(executor, CLOSING);
        this.asking = new Lane(executor, ASKING);
        this.stop = new ConnectionStop(closing, closeTimeout);
        this.arrivals = new Arrivals(listener);
        this.left = new LeftConnections(settings.sendTimeout());
    }

    /**
     * Takes a connection that has just been opened. One that comes too late, or is one too many, is
     * closed.
     *
     * @param connection until it is removed
     * @param handshake what let it in
     * @return false if it is closed
     */
    public boolean add(OpenConnection connection, Handshake handshake) {
        boolean added = addUnnamed(connection, handshake);
        if (added) {
            arrivals.named(connection, handshake.caller());
        }
        return added;
    }

    /**
     * Takes a connection whose client says who it is later, by {@link #identify}. Otherwise as
     * {@link #add}.
     *
     * @param connection until it is removed
     * @param handshake what let it in
     * @return false if it is closed
     */
    public boolean addUnnamed(OpenConnection connection, Handshake handshake) {
        Ending refused = register.add(connection, handshake);
        if (refused == null && !isWatched()) {
            remove(connection);
            refused = Ending.STOPPING;
            // Those, too, that relied on this watch meanwhile.
            register.all().forEach(other -> giveUp(other, Ending.STOPPING));
        }
        if (refused == null) {
            arrivals.came(connection, handshake);
            if (!register.contains(connection)) {
                // It has gone meanwhile.
                arrivals.left(connection, null);
            }
            return true;
        }
        connection.giveUp(refused);
        connection.close();
        return false;
    }

    /** Begins to look after the connections, unless that has begun. */
    private boolean isWatched() {
        Throwable refused = watch.begin();
        if (refused != null) {
            log.warn(
                    ErrorCode.EXECUTOR,
                    "The scheduler refuses tasks (is the server stopping?), so nobody would look"
                            + " after the connections of clients; they are closed.",
                    refused);
        }
        return refused == null;
    }

    /**
     * Notes that a client is about to be subscribed to a channel; until it leaves it, or is gone.
     *
     * @param connection one that is open
     * @param channel a valid name
     * @return false if clients have brought as many channels into being as they may; nothing is
     *     noted then
     */
    public boolean follow(OpenConnection connection, String channel) {
        return register.follow(connection, channel);
    }

    /**
     * Notes that a client is subscribed to a channel, until it leaves it or is gone.
     *
     * @param connection nothing happens if it is not here
     * @param channel what it has from now on
     */
    public void subscribed(OpenConnection connection, String channel) {
        arrivals.subscribed(connection, channel);
    }

    /**
     * Notes that a client has left a channel.
     *
     * @param connection nothing happens if it is not here
     * @param channel nothing happens if it was not followed
     */
    public void unfollow(OpenConnection connection, String channel) {
        register.unfollow(connection, channel);
        arrivals.unsubscribed(connection, channel);
    }

    /**
     * Notes that a client is about to publish to a channel.
     *
     * @param channel a valid name
     * @return false if clients have brought as many channels into being as they may
     */
    public boolean publish(String channel) {
        return register.publish(channel);
    }

    /**
     * Tells whether there is room for channels that a client names.
     *
     * @param channels valid names
     * @return whether each of them could be followed
     */
    public boolean haveRoomFor(Collection<String> channels) {
        return register.hasRoomFor(channels);
    }

    /**
     * Notes who a client is that has said so after its handshake.
     *
     * @param connection one that is open
     * @param caller who it is from now on
     * @return false if this caller has too many connections already; it is not noted then
     */
    public boolean identify(OpenConnection connection, Caller caller) {
        return register.identify(connection, caller);
    }

    /**
     * The client of a connection that was added {@linkplain #addUnnamed unnamed} has been let in,
     * and can be reached: that is told, once.
     *
     * @param connection one that was {@linkplain #identify identified}
     * @param caller who it is
     */
    public void letIn(OpenConnection connection, Caller caller) {
        arrivals.named(connection, caller);
    }

    /** Returns what stands in the way of another connection; null if nothing does. */
    public @Nullable Refusal refusalOf(Caller caller, String address) {
        return register.refusalOf(caller, address);
    }

    /**
     * Lets go of a connection that its client has left.
     *
     * @param connection one that is closed; nothing happens if it is not here
     */
    public void remove(OpenConnection connection) {
        remove(connection, null);
    }

    /**
     * Lets go of a connection.
     *
     * @param connection one that is closed; nothing happens if it is not here
     * @param why it was closed; null where the client has left
     */
    public void remove(OpenConnection connection, @Nullable Ending why) {
        register.remove(connection);
        arrivals.left(connection, why);
        left.add(connection, System.nanoTime());
    }

    /**
     * Says that a session of HTTP begins; some servers give it the id of one that has ended.
     *
     * @param id of the session
     */
    public void beginHttpSession(String id) {
        register.beginHttpSession(id);
    }

    /**
     * Ends the connections of callers who are known by a session of HTTP that has ended.
     *
     * @param id of the session
     */
    public void endHttpSession(String id) {
        endAll(register.endHttpSession(id), Ending.CALLER);
    }

    /**
     * Ends the connections of a caller.
     *
     * @param name of a caller who is not anonymous
     */
    public void endCaller(String name) {
        endAll(register.ofCaller(name), Ending.CALLER);
    }

    /**
     * Ends one connection with {@link Ending#OPERATOR}.
     *
     * @param id of the connection
     * @return false if there is none of this name here
     */
    public boolean end(String id) {
        OpenConnection found = null;
        for (OpenConnection connection : register.all()) {
            if (connection.id().equals(id)) {
                found = connection;
                break;
            }
        }
        if (found != null) {
            giveUp(found, Ending.OPERATOR);
        }
        return found != null;
    }

    private void endAll(List<OpenConnection> ending, Ending because) {
        ending.forEach(connection -> giveUp(connection, because));
    }

    /**
     * Follows a session of HTTP that gets another id, as at a login.
     *
     * @param before its id until now
     * @param now its id from now on
     */
    public void renameHttpSession(String before, String now) {
        register.renameHttpSession(before, now);
    }

    /**
     * Returns how many connections are open.
     *
     * @return those that were added and not removed
     */
    public int size() {
        return register.size();
    }

    /**
     * Returns how many connections of one door are open.
     *
     * @param door its name
     * @return those that were added and not removed
     */
    public int size(String door) {
        return register.size(door);
    }

    private void look() {
        closing.startAgain();
        asking.startAgain();
        endAll(register.expired(Instant.now()), Ending.EXPIRED);
        long now = System.nanoTime();
        endLeft(now);
        int stuck = 0;
        OpenConnection example = null;
        for (OpenConnection connection : register.all()) {
            if (lookAt(connection, now)) {
                stuck++;
                example = connection;
            }
        }
        if (stuck > 0) {
            Log.warn(
                    ErrorCode.CONSUMER_FAILED,
                    (stuck == 1 ? "" : stuck + " connections, among them ")
                            + example
                            + (stuck == 1
                                    ? " is closed, since its client does"
                                    : ", are closed," + " since their clients do")
                            + " not read: no send has ended for channels.ws-send-timeout.",
                    null);
        }
    }

    private void endLeft(long now) {
        try {
            left.overdue(now).forEach(connection -> closing.execute(connection::terminate));
        } catch (Throwable e) {
            // As below.
            log.warn(ErrorCode.EXECUTOR, "Connections left by their sessions stay", e);
        }
    }

    /** Returns whether the connection is stuck, and so given up. */
    private boolean lookAt(OpenConnection connection, long now) {
        try {
            switch (connection.look(now, asking)) {
                case FINE -> {
                    return false;
                }
                case STUCK -> {
                    giveUp(connection, Ending.NOT_READING);
                    return true;
                }
                case GONE -> {
                    giveUp(connection, Ending.GONE);
                    return false;
                }
            }
        } catch (Throwable e) {
            // A periodic task that throws is not run again, and the others need it.
            log.warn(ErrorCode.EXECUTOR, connection + " could not be looked after", e);
        }
        return false;
    }

    /**
     * Ends a connection, without blocking: its stream at once, the connection itself as soon as a
     * thread is free for what may block.
     *
     * @param connection one that is open
     * @param ending why
     */
    public void giveUp(OpenConnection connection, Ending ending) {
        remove(connection, ending);
        connection.giveUp(ending);
        closing.execute(
                () -> {
                    try {
                        connection.close();
                    } finally {
                        connection.terminate();
                        left.add(connection, System.nanoTime());
                    }
                });
    }

    /**
     * Lets nobody in any more, and ends the connections with {@link Ending#STOPPING}, one after
     * another in even steps. Blocks for that time; an interrupt ends it early.
     *
     * @param time how long; with none of it those that are open stay
     */
    public void drain(Duration time) {
        register.drain();
        List<OpenConnection> left = time.isZero() ? List.of() : register.all();
        ConnectionStop.inSteps(left, time, connection -> giveUp(connection, Ending.STOPPING));
    }

    /**
     * Closes what is still open with {@link Ending#STOPPING}: only connections with a send in
     * flight are open by then. Blocks, within bounds.
     */
    @Override
    public void close() {
        watch.end();
        List<OpenConnection> open = register.clear();
        stop.close(open);
        Set<OpenConnection> leaving = new HashSet<>(left.all());
        leaving.addAll(open);
        ConnectionStop.end(leaving);
    }
}
