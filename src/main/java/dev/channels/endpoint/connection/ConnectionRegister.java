package dev.channels.endpoint.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.Caller;
import dev.channels.endpoint.policy.ClientChannels;
import dev.channels.endpoint.policy.DoorSettings;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Refusal;
import dev.channels.endpoint.request.RefusalCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which connections are open, whose they are, which channels they brought into being, and whether
 * there is room for more. Knows nothing of what is done with them.
 *
 * <p>Safe for use by any thread; calls nobody but what counts refusals.
 */
final class ConnectionRegister {

    /** To whom a connection belongs, and until when. */
    private record Owner(
            String door,
            Caller caller,
            @Nullable String httpSession,
            @Nullable Instant expiry,
            String address,
            Set<String> channels) {

        Owner(Handshake handshake, @Nullable String httpSession) {
            this(
                    handshake.door(),
                    handshake.caller(),
                    httpSession,
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

    private final int max;
    private final int maxPerCaller;
    private final int maxPerAddress;
    private final ClientChannels known;
    private final RefusalCounts refusals;

    @GuardedBy("this")
    private final Map<OpenConnection, Owner> connections = new HashMap<>();

    /** How many connections each caller has who is not anonymous. */
    @GuardedBy("this")
    private final Map<String, Integer> callers = new HashMap<>();

    /** Likewise each address that is known. */
    @GuardedBy("this")
    private final Map<String, Integer> addresses = new HashMap<>();

    /** Likewise each door. */
    @GuardedBy("this")
    private final Map<String, Integer> doors = new HashMap<>();

    @GuardedBy("this")
    private final ChangedSessions changedSessions = new ChangedSessions();

    /** The undeclared channels that connections have. */
    @GuardedBy("this")
    private final ChannelUses uses;

    /** Whether nobody is let in any more. */
    @GuardedBy("this")
    private boolean draining;

    /**
     * Makes an empty register.
     *
     * @param settings how many there may be
     * @param refusals counts those that are one too many
     */
    ConnectionRegister(DoorSettings settings, RefusalCounts refusals) {
        this.max = settings.maxConnections();
        this.maxPerCaller = settings.maxConnectionsPerCaller();
        this.maxPerAddress = settings.maxConnectionsPerAddress();
        this.known = settings.channels();
        this.uses = new ChannelUses(settings.maxChannels());
        this.refusals = refusals;
    }

    // ---- Who comes and goes

    /** Adds a connection; returns why not, or null if it was added. */
    synchronized @Nullable Ending add(OpenConnection connection, Handshake handshake) {
        if (draining) {
            return Ending.STOPPING;
        }
        String came = handshake.httpSession();
        String httpSession = came == null ? null : changedSessions.idNow(came);
        if (came != null && httpSession == null && !handshake.caller().isAnonymous()) {
            return Ending.CALLER;
        }
        if (isFull() || isFull(handshake.caller()) || isFull(handshake.address())) {
            refusals.limit();
            return Ending.TOO_MANY;
        }
        Owner owner = new Owner(handshake, httpSession);
        if (handshake.channel() != null && !follow(owner, handshake.channel())) {
            return Ending.TOO_MANY_CHANNELS;
        }
        connections.put(connection, owner);
        count(owner, 1);
        return null;
    }

    /** Removes a connection, if it is there. */
    synchronized void remove(OpenConnection connection) {
        Owner owner = connections.remove(connection);
        if (owner != null) {
            count(owner, -1);
            owner.channels.forEach(uses::unsubscribe);
        }
    }

    @GuardedBy("this")
    private void count(Owner owner, int more) {
        count(callers, owner.caller.name(), more);
        count(addresses, owner.address, more);
        count(doors, owner.door, more);
    }

    private static void count(Map<String, Integer> counts, String name, int more) {
        if (!name.isEmpty()) {
            counts.merge(name, more, (had, add) -> had + add == 0 ? null : had + add);
        }
    }

    /** Lets nobody in any more. */
    synchronized void drain() {
        draining = true;
    }

    /** Removes all connections, and lets nobody in any more; returns those there were. */
    synchronized List<OpenConnection> clear() {
        draining = true;
        List<OpenConnection> left = all();
        connections.clear();
        callers.clear();
        addresses.clear();
        doors.clear();
        return left;
    }

    // ---- Room

    /** Returns what stands in the way of another connection; null if nothing does. */
    synchronized @Nullable Refusal refusalOf(Caller caller, String address) {
        if (draining) {
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

    @GuardedBy("this")
    private boolean isFull() {
        return connections.size() >= max;
    }

    @GuardedBy("this")
    private boolean isFull(Caller caller) {
        return !caller.isAnonymous() && callers.getOrDefault(caller.name(), 0) >= maxPerCaller;
    }

    @GuardedBy("this")
    private boolean isFull(String address) {
        return !address.isEmpty() && addresses.getOrDefault(address, 0) >= maxPerAddress;
    }

    // ---- Channels

    /** Notes that a connection is about to have a channel; false if there is no room for it. */
    synchronized boolean follow(OpenConnection connection, String channel) {
        Owner owner = connections.get(connection);
        return owner == null || follow(owner, channel);
    }

    @GuardedBy("this")
    private boolean follow(Owner owner, String channel) {
        if (known.isDeclared(channel) || owner.channels.contains(channel)) {
            return true;
        }
        boolean room = counted(uses.subscribe(channel, System.nanoTime()));
        if (room) {
            owner.channels.add(channel);
        }
        return room;
    }

    private boolean counted(boolean room) {
        if (!room) {
            refusals.limit();
        }
        return room;
    }

    /** Notes that a connection has a channel no more. */
    synchronized void unfollow(OpenConnection connection, String channel) {
        Owner owner = connections.get(connection);
        if (owner != null && owner.channels.remove(channel)) {
            uses.unsubscribe(channel);
        }
    }

    /** Notes that a client is about to publish; false if there is no room for the channel. */
    synchronized boolean publish(String channel) {
        return known.isDeclared(channel) || counted(uses.publish(channel, System.nanoTime()));
    }

    /** Tells whether each of some channels could be followed. */
    synchronized boolean hasRoomFor(Collection<String> channels) {
        long now = System.nanoTime();
        boolean room = true;
        for (String channel : channels) {
            room &= known.isDeclared(channel) || uses.hasRoomFor(channel, now);
        }
        return counted(room);
    }

    // ---- Callers

    /** Notes who a client is; false if this caller has too many connections already. */
    synchronized boolean identify(OpenConnection connection, Caller caller) {
        Owner owner = connections.get(connection);
        if (owner == null || owner.caller.name().equals(caller.name())) {
            return true;
        }
        if (isFull(caller)) {
            refusals.limit();
            return false;
        }
        count(owner, -1);
        Owner now = owner.with(caller);
        count(now, 1);
        connections.put(connection, now);
        return true;
    }

    synchronized void beginHttpSession(String id) {
        changedSessions.began(id);
    }

    /** Returns the connections of callers who were known by a session of HTTP that has ended. */
    synchronized List<OpenConnection> endHttpSession(String id) {
        changedSessions.ended(id);
        return those(owner -> id.equals(owner.httpSession) && !owner.caller.isAnonymous());
    }

    synchronized void renameHttpSession(String before, String now) {
        changedSessions.renamed(before, now);
        connections.replaceAll(
                (connection, owner) ->
                        before.equals(owner.httpSession) ? owner.withHttpSession(now) : owner);
    }

    // ---- Which there are

    synchronized List<OpenConnection> ofCaller(String name) {
        return those(owner -> !owner.caller.isAnonymous() && owner.caller.name().equals(name));
    }

    /** Returns those whose time is over. */
    synchronized List<OpenConnection> expired(Instant now) {
        return those(owner -> owner.expiry != null && !owner.expiry.isAfter(now));
    }

    @GuardedBy("this")
    private List<OpenConnection> those(Predicate<Owner> which) {
        List<OpenConnection> found = new ArrayList<>();
        connections.forEach(
                (connection, owner) -> {
                    if (which.test(owner)) {
                        found.add(connection);
                    }
                });
        return found;
    }

    synchronized List<OpenConnection> all() {
        return List.copyOf(connections.keySet());
    }

    synchronized boolean contains(OpenConnection connection) {
        return connections.containsKey(connection);
    }

    synchronized int size() {
        return connections.size();
    }

    synchronized int size(String door) {
        return doors.getOrDefault(door, 0);
    }
}
