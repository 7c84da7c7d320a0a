package dev.channels.backend.postgresql.read;

import dev.channels.ChannelsException;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelDiscovery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of all subscribed channels and pushes them into the sink, on one thread.
 *
 * <p>A notification says which channels to read; once per poll interval one query asks which have
 * changed, which finds what a lost notification left behind. After an outage every channel is read
 * on from where this node had left it.
 */
public final class Reader implements Worker.Job {

    /** How many names one query begins with. */
    private static final int MAX_NAMES = 1_000;

    private record Join(List<ReadPosition> positions, CompletableFuture<Void> done) {}

    private final Tables tables;
    private final ReaderQueries queries;
    private final Failures failures;
    private final CountDownLatch stopping;
    private final long pollNanos;

    private final WakeUp wakeUp = new WakeUp();
    private final Map<String, ReadPosition> positions = new ConcurrentHashMap<>();
    private final Queue<Join> joins = new ConcurrentLinkedQueue<>();

    /** Used by the worker's thread only. */
    private long horizon = Long.MAX_VALUE;

    /** Used by the worker's thread only. */
    private @Nullable String epoch;

    /** Used by the worker's thread only. */
    private long polledAt;

    private final Readings readings;
    private final Discoveries discoveries;

    public Reader(
            Tables tables,
            BackendSink sink,
            Failures failures,
            CountDownLatch stopping,
            Duration pollInterval) {
        this.tables = tables;
        this.queries = new ReaderQueries(tables.names(), tables.epoch());
        this.failures = failures;
        this.stopping = stopping;
        this.pollNanos = pollInterval.toNanos();
        this.discoveries = new Discoveries(tables.names(), stopping);
        this.readings = new Readings(tables, queries, positions, wakeUp, sink, stopping);
    }

    public CompletionStage<Void> subscribe(Set<String> channels) {
        List<ReadPosition> joining = channels.stream().map(ReadPosition::new).toList();
        Join join = new Join(joining, new CompletableFuture<>());
        joins.add(join);
        wakeUp.wake();
        return join.done;
    }

    public void unsubscribe(Set<String> channels) {
        channels.forEach(positions::remove);
    }

    /** Begins to tell of channels. */
    public CompletionStage<Void> watch(String prefix, ChannelDiscovery.Watcher watcher) {
        CompletionStage<Void> begun = discoveries.watch(prefix, watcher);
        wakeUp.wake();
        return begun;
    }

    /** Wakes the reader if it follows any of these channels, or tells of them. */
    public void wake(Collection<String> channels) {
        List<String> followed =
                channels.stream()
                        .filter(name -> positions.containsKey(name) || discoveries.cover(name))
                        .toList();
        if (!followed.isEmpty()) {
            wakeUp.wake(followed);
        }
    }

    /** Wakes the reader: any channel may have new events. */
    public void wakeForAll() {
        wakeUp.wakeForAll();
    }

    @Override
    public void connected(SupervisedConnection database) throws SQLException {
        use(
                database,
                connection -> {
                    tables.prepare(connection);
                    join(connection);
                    resume(database, connection);
                    discoveries.begin(connection);
                    discoveries.poll(connection);
                    tables.notifier().ping(connection);
                });
    }

    @Override
    public void step(SupervisedConnection database) throws SQLException, InterruptedException {
        WakeUp.Reason reason = wakeUp.await(pollNanos - (System.nanoTime() - polledAt));
        if (stopping.getCount() == 0) {
            return;
        }
        use(
                database,
                connection -> {
                    readings.read(database, connection, join(connection));
                    discoveries.begin(connection);
                    if (reason.all() || System.nanoTime() - polledAt >= pollNanos) {
                        poll(database, connection);
                        discoveries.poll(connection);
                    }
                    readings.read(database, connection, known(reason.channels()));
                    discoveries.look(connection, reason.channels());
                });
    }

    /** A reading in which this JVM fails is no outage. */
    private void use(SupervisedConnection database, SupervisedConnection.Action action)
            throws SQLException {
        try {
            database.use(action);
        } catch (ChannelsException e) {
            throw e; // it says what is wrong with the tables
        } catch (RuntimeException | Error e) {
            if (!readings.failed(e)) {
                throw e;
            }
            wakeUp.wake(positions.keySet()); // whatever else was to be read
        }
    }

    @Override
    public void lost(Throwable cause) {
        if (stopping.getCount() == 0) {
            for (Join join = joins.poll(); join != null; join = joins.poll()) {
                join.done.completeExceptionally(failures.reported(cause));
            }
            discoveries.end(failures.reported(cause));
        }
    }

    @Override
    public void wake() {
        wakeUp.wake();
    }

    /**
     * Begins to follow the channels that were subscribed to, and returns them: what was published
     * while they began woke nobody.
     */
    private List<ReadPosition> join(Connection connection) throws SQLException {
        List<ReadPosition> joined = new ArrayList<>();
        for (Join join = joins.peek(); join != null; join = joins.peek()) {
            for (List<ReadPosition> some : parts(join.positions, MAX_NAMES)) {
                begin(connection, some);
            }
            joins.remove(join);
            join.done.complete(null);
            joined.addAll(join.positions);
        }
        return joined;
    }

    private void begin(Connection connection, List<ReadPosition> joining) throws SQLException {
        Map<String, ReadPosition> byName = new ConcurrentHashMap<>();
        joining.forEach(position -> byName.put(position.channel(), position));
        for (ReaderQueries.Channel row : queries.rows(connection, byName.keySet())) {
            ReadPosition position = byName.get(row.channel());
            if (position != null) {
                position.begin(row.epoch(), row.rowId(), row.lastOffset());
            }
        }
        positions.putAll(byName);
    }

    /** Asks which channels have changed, and reads them. */
    private void poll(SupervisedConnection database, Connection connection) throws SQLException {
        polledAt = System.nanoTime();
        ReaderQueries.Changes changes = queries.changes(connection, horizon, positions.keySet());
        if (changes.epoch() == null || !changes.same()) {
            tables.epoch().verify(connection);
            resume(database, connection);
            return;
        }
        if (!changes.epoch().equals(epoch)) {
            resume(database, connection); // another node has noticed and begun it
            return;
        }
        horizon = changes.horizon();
        List<ReadPosition> changed = new ArrayList<>();
        for (ReaderQueries.Channel row : changes.channels()) {
            ReadPosition position = positions.get(row.channel());
            if (position != null && position.hasNews(row.epoch(), row.rowId(), row.lastOffset())) {
                changed.add(position);
            }
        }
        readings.read(database, connection, changed);
    }

    /** Reads all channels on, after an outage or in a new epoch. */
    private void resume(SupervisedConnection database, Connection connection) throws SQLException {
        polledAt = System.nanoTime();
        // The horizon first: what commits after it is found by the next poll.
        ReaderQueries.Changes changes =
                queries.changes(connection, Long.MAX_VALUE, positions.keySet());
        horizon = changes.horizon();
        epoch = changes.epoch();
        readings.read(database, connection, new ArrayList<>(positions.values()));
    }

    private List<ReadPosition> known(Set<String> channels) {
        List<ReadPosition> known = new ArrayList<>();
        for (String channel : channels) {
            ReadPosition position = positions.get(channel);
            if (position != null) {
                known.add(position);
            }
        }
        return known;
    }

    private static <T> List<List<T>> parts(List<T> whole, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < whole.size(); from += size) {
            parts.add(whole.subList(from, Math.min(from + size, whole.size())));
        }
        return parts;
    }
}
