package dev.channels.endpoint;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.Caller;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
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

    /** How long a connection may outlive its session when the application stops. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(20);

    /** How many threads may wait for clients that do not read, as Open Liberty does in a close. */
    static final int CLOSING = 8;

    /** Likewise when the application stops, where time is short. */
    private static final int CLOSING_AT_THE_STOP = 64;

    /** How many threads may ping: Open Liberty takes seconds where a client broke the protocol. */
    private static final int ASKING = 16;

    /** To whom a connection belongs, and until when. */
    private record Owner(
            String door,
            Caller caller,
            @Nullable String httpSession,
            @Nullable Instant expiry,
            String address,
            Set<String> channels) {

        Owner(Handshake handshake) {
            this(
                    handshake.door(),
                    handshake.caller(),
                    handshake.httpSession(),
                    handshake.expiry(),
                    handshake.address(),
                    new HashSet<>());
        }

        Owner with(Caller other) {
            return new Owner(door, other, httpSession, expiry, address, channels);
        }

        Owner withHttpSession(String other) {
            return new Owner(door, caller, other, expiry, address, channels);
        }
    }

    /** The watch of connections that nobody looks after yet. */
    private static final Future<?> NONE = CompletableFuture.completedFuture(null);

    private final int max;
    private final int maxPerCaller;
    private final int maxPerAddress;
    private final ClientChannels known;
    private final RefusalCounts refusals;
    private final Duration closeTimeout;
    private final long period;
    private final ScheduledExecutorService scheduler;
    private final Lane closing;
    private final Lane asking;
    private final Arrivals arrivals;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<OpenConnection, Owner> connections = new HashMap<>();

    /** How many connections each caller has who is not anonymous. */
    @GuardedBy("lock")
    private final Map<String, Integer> callers = new HashMap<>();

    /** Likewise each address that is known. */
    @GuardedBy("lock")
    private final Map<String, Integer> addresses = new HashMap<>();

    /** Likewise each door. */
    @GuardedBy("lock")
    private final Map<String, Integer> doors = new HashMap<>();

    @GuardedBy("lock")
    private final EndedSessions endedSessions = new EndedSessions();

    /** The undeclared channels that connections have. */
    @GuardedBy("lock")
    private final ChannelUses uses;

    @GuardedBy("lock")
    private @Nullable Future<?> watch;

    /** Says once in a while what each of many connections would say. */
    private final RecurringLog log = new RecurringLog(System::nanoTime);

    /** Whether nobody is let in any more. */
    @GuardedBy("lock")
    private boolean draining;

    /** Whether nobody looks after the connections any more, either. */
    @GuardedBy("lock")
    private boolean closed;

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
        this.arrivals = new Arrivals(listener);
        this.refusals = refusals;
        this.maxPerAddress = settings.maxConnectionsPerAddress();
        this.known = settings.channels();
        this.uses = new ChannelUses(settings.maxChannels());
        this.max = settings.maxConnections();
        this.maxPerCaller = settings.maxConnectionsPerCaller();
        this.closeTimeout = closeTimeout;
        long shortest = settings.shortest().toNanos();
        this.period = Math.min(LONGEST_LOOK.toNanos(), Math.max(1, shortest / 4));
        this.scheduler = scheduler;
        this.closing = new Lane(executor, CLOSING);
        this.asking = new Lane(executor, ASKING);
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
        Ending refused = admit(connection, handshake);
        if (refused == null && !isWatched()) {
            remove(connection);
            refused = Ending.STOPPING;
            // Those, too, that relied on this watch meanwhile.
            snapshot().forEach(other -> giveUp(other, Ending.STOPPING));
        }
        if (refused == null) {
            arrivals.came(connection, handshake);
            if (!isHere(connection)) {
                // It has gone meanwhile.
                arrivals.left(connection, null);
            }
            return true;
        }
        connection.giveUp(refused);
        connection.close();
        return false;
    }

    private boolean isHere(OpenConnection connection) {
        synchronized (lock) {
            return connections.containsKey(connection);
        }
    }

    /** Begins to look after the connections, unless that has begun. */
    private boolean isWatched() {
        synchronized (lock) {
            if (watch != null || closed) {
                return true;
            }
            watch = NONE;
        }
        try {
            Future<?> begun =
                    scheduler.scheduleWithFixedDelay(
                            this::look, period, period, TimeUnit.NANOSECONDS);
            boolean late;
            synchronized (lock) {
                watch = begun;
                late = closed;
            }
            if (late) {
                begun.cancel(false);
            }
            return true;
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped.
            synchronized (lock) {
                watch = null;
            }
            log.warn(
                    ErrorCode.EXECUTOR,
                    "The scheduler refuses tasks (is the server stopping?), so nobody would look"
                            + " after the connections of clients; they are closed.",
                    e);
            return false;
        }
    }

    private @Nullable Ending admit(OpenConnection connection, Handshake handshake) {
        synchronized (lock) {
            if (draining) {
                return Ending.STOPPING;
            }
            if (endedSessions.knew(handshake)) {
                return Ending.CALLER;
            }
            if (isFull() || isFull(handshake.caller()) || isFull(handshake.address())) {
                refusals.limit();
                return Ending.TOO_MANY;
            }
            Owner owner = new Owner(handshake);
            if (handshake.channel() != null && !follow(owner, handshake.channel())) {
                return Ending.TOO_MANY_CHANNELS;
            }
            connections.put(connection, owner);
            count(owner.caller, 1);
            count(owner.address, 1);
            count(doors, owner.door, 1);
            return null;
        }
    }

    @GuardedBy("lock")
    private void count(Caller caller, int more) {
        count(callers, caller.name(), more);
    }

    @GuardedBy("lock")
    private void count(String address, int more) {
        count(addresses, address, more);
    }

    private static void count(Map<String, Integer> counts, String name, int more) {
        if (!name.isEmpty()) {
            counts.merge(name, more, (had, add) -> had + add == 0 ? null : had + add);
        }
    }

    @GuardedBy("lock")
    private boolean follow(Owner owner, String channel) {
        if (known.isDeclared(channel) || owner.channels.contains(channel)) {
            return true;
        }
        boolean room = uses.subscribe(channel, System.nanoTime());
        if (room) {
            owner.channels.add(channel);
        } else {
            refusals.limit();
        }
        return room;
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
        synchronized (lock) {
            Owner owner = connections.get(connection);
            return owner == null || follow(owner, channel);
        }
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
        synchronized (lock) {
            Owner owner = connections.get(connection);
            if (owner != null && owner.channels.remove(channel)) {
                uses.unsubscribe(channel);
            }
        }
        arrivals.unsubscribed(connection, channel);
    }

    /**
     * Notes that a client is about to publish to a channel.
     *
     * @param channel a valid name
     * @return false if clients have brought as many channels into being as they may
     */
    public boolean publish(String channel) {
        synchronized (lock) {
            boolean room = known.isDeclared(channel) || uses.publish(channel, System.nanoTime());
            if (!room) {
                refusals.limit();
            }
            return room;
        }
    }

    /**
     * Tells whether there is room for channels that a client names.
     *
     * @param channels valid names
     * @return whether each of them could be followed
     */
    public boolean haveRoomFor(Collection<String> channels) {
        synchronized (lock) {
            long now = System.nanoTime();
            boolean room = true;
            for (String channel : channels) {
                room &= known.isDeclared(channel) || uses.hasRoomFor(channel, now);
            }
            if (!room) {
                refusals.limit();
            }
            return room;
        }
    }

    /**
     * Notes who a client is that has said so after its handshake.
     *
     * @param connection one that is open
     * @param caller who it is from now on
     * @return false if this caller has too many connections already; it is not noted then
     */
    public boolean identify(OpenConnection connection, Caller caller) {
        boolean noted = note(connection, caller);
        if (noted) {
            arrivals.named(connection, caller);
        }
        return noted;
    }

    private boolean note(OpenConnection connection, Caller caller) {
        synchronized (lock) {
            Owner owner = connections.get(connection);
            if (owner == null || owner.caller.name().equals(caller.name())) {
                return true;
            }
            if (isFull(caller)) {
                refusals.limit();
                return false;
            }
            count(owner.caller, -1);
            count(caller, 1);
            connections.put(connection, owner.with(caller));
            return true;
        }
    }

    /** Tells whether nobody is let in any more, since the application stops. */
    boolean isDraining() {
        synchronized (lock) {
            return draining;
        }
    }

    /** Tells whether there is no room for another connection. */
    boolean isFull() {
        synchronized (lock) {
            return connections.size() >= max;
        }
    }

    /** Tells whether there is no room for another connection from an address. */
    boolean isFull(String address) {
        synchronized (lock) {
            return !address.isEmpty() && addresses.getOrDefault(address, 0) >= maxPerAddress;
        }
    }

    /** Returns what stands in the way of another connection; null if nothing does. */
    @Nullable Refusal refusalOf(Caller caller, String address) {
        if (isDraining()) {
            return Refusal.STOPPING;
        }
        Refusal refusal =
                isFull()
                        ? Refusal.FULL
                        : isFull(caller)
                                ? Refusal.CALLER_FULL
                                : isFull(address) ? Refusal.ADDRESS_FULL : null;
        if (refusal != null) {
            refusals.limit();
        }
        return refusal;
    }

    /** Tells whether there is no room for another connection of a caller. */
    boolean isFull(Caller caller) {
        synchronized (lock) {
            return !caller.isAnonymous() && callers.getOrDefault(caller.name(), 0) >= maxPerCaller;
        }
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
        synchronized (lock) {
            Owner owner = connections.remove(connection);
            if (owner != null) {
                count(owner.caller, -1);
                count(owner.address, -1);
                count(doors, owner.door, -1);
                for (String channel : owner.channels) {
                    uses.unsubscribe(channel);
                }
            }
        }
        arrivals.left(connection, why);
    }

    /**
     * Says that a session of HTTP begins; some servers give it the id of one that has ended.
     *
     * @param id of the session
     */
    public void beginHttpSession(String id) {
        synchronized (lock) {
            endedSessions.remove(id);
        }
    }

    /**
     * Ends the connections of callers who are known by a session of HTTP that has ended.
     *
     * @param id of the session
     */
    public void endHttpSession(String id) {
        synchronized (lock) {
            endedSessions.add(id);
        }
        endAll(owner -> id.equals(owner.httpSession) && !owner.caller.isAnonymous(), Ending.CALLER);
    }

    /**
     * Ends the connections of a caller.
     *
     * @param name of a caller who is not anonymous
     */
    public void endCaller(String name) {
        endAll(
                owner -> !owner.caller.isAnonymous() && owner.caller.name().equals(name),
                Ending.CALLER);
    }

    private void endAll(Predicate<Owner> which, Ending because) {
        List<OpenConnection> ending = new ArrayList<>();
        synchronized (lock) {
            connections.forEach(
                    (connection, owner) -> {
                        if (which.test(owner)) {
                            ending.add(connection);
                        }
                    });
        }
        ending.forEach(connection -> giveUp(connection, because));
    }

    /**
     * Follows a session of HTTP that gets another id, as at a login.
     *
     * @param before its id until now
     * @param now its id from now on
     */
    public void renameHttpSession(String before, String now) {
        synchronized (lock) {
            connections.replaceAll(
                    (connection, owner) ->
                            before.equals(owner.httpSession) ? owner.withHttpSession(now) : owner);
        }
    }

    /**
     * Returns how many connections are open.
     *
     * @return those that were added and not removed
     */
    public int size() {
        synchronized (lock) {
            return connections.size();
        }
    }

    /**
     * Returns how many connections of one door are open.
     *
     * @param door its name
     * @return those that were added and not removed
     */
    public int size(String door) {
        synchronized (lock) {
            return doors.getOrDefault(door, 0);
        }
    }

    private void look() {
        closing.startAgain();
        asking.startAgain();
        Instant today = Instant.now();
        endAll(owner -> owner.expiry != null && !owner.expiry.isAfter(today), Ending.EXPIRED);
        long now = System.nanoTime();
        int stuck = 0;
        OpenConnection example = null;
        for (OpenConnection connection : snapshot()) {
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

    private List<OpenConnection> snapshot() {
        synchronized (lock) {
            return List.copyOf(connections.keySet());
        }
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
                    }
                });
    }

    /**
     * Lets nobody in any more, and ends the connections with {@link Ending#STOPPING}, one after
     * another in even steps. Blocks for that time; an interrupt ends it early.
     *
     * @param time how long; with none of it those that are open stay
     */
    void drain(Duration time) {
        synchronized (lock) {
            draining = true;
        }
        List<OpenConnection> left = time.isZero() ? List.of() : snapshot();
        long begin = System.nanoTime();
        for (int i = 0; i < left.size() && !Thread.currentThread().isInterrupted(); i++) {
            long due = begin + time.toNanos() / left.size() * i;
            while (due - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            giveUp(left.get(i), Ending.STOPPING);
        }
    }

    /**
     * Closes what is still open with {@link Ending#STOPPING}. Only connections with a send in
     * flight are left by then, and a server may block in their close; so many are closed at once,
     * and waited for with a bound. A client that is only slow has a second to read to the end,
     * where its connection would stay otherwise.
     */
    @Override
    public void close() {
        List<OpenConnection> left;
        synchronized (lock) {
            draining = true;
            closed = true;
            if (watch != null) {
                watch.cancel(false);
            }
            left = List.copyOf(connections.keySet());
            connections.clear();
            callers.clear();
            addresses.clear();
            doors.clear();
        }
        closing.widen(CLOSING_AT_THE_STOP);
        CountDownLatch open = new CountDownLatch(left.size());
        left.forEach(connection -> connection.giveUp(Ending.STOPPING));
        left.forEach(
                connection ->
                        closing.execute(
                                () -> {
                                    try {
                                        connection.close();
                                    } finally {
                                        open.countDown();
                                    }
                                }));
        await(open);
        end(left);
    }

    private void await(CountDownLatch open) {
        try {
            if (!open.await(closeTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.warn(
                        ErrorCode.STOP_TIMED_OUT,
                        open.getCount() + " connections did not close in time; left to the server.",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Collection<OpenConnection> connections) {
        long deadline = System.nanoTime() + LINGER.toNanos();
        while (connections.stream().anyMatch(OpenConnection::isConnected)
                && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        connections.forEach(OpenConnection::terminate);
    }
}
