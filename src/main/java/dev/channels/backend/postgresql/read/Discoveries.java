package dev.channels.backend.postgresql.read;

import dev.channels.Position;
import dev.channels.backend.postgresql.read.DiscoveryQueries.Changes;
import dev.channels.backend.postgresql.read.DiscoveryQueries.Found;
import dev.channels.backend.postgresql.tables.TableEpoch;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.spi.ChannelDiscovery;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Tells of the channels in which something was published: what a notification names, and, once per
 * poll interval and after an outage, what has changed since it asked last. Used by the reader's
 * thread, unless it is said otherwise.
 *
 * <p>Of the channels that it told of lately it knows up to where: what follows is what is new. Of
 * another one it asks which event was the first that the last poll did not see.
 */
final class Discoveries {

    /** Of so many channels it knows up to where it told of them. */
    private static final int MAX_TOLD = 10_000;

    /** How many names one query begins with. */
    private static final int MAX_NAMES = 1_000;

    private record Watch(
            String prefix, ChannelDiscovery.Watcher watcher, CompletableFuture<Void> begun) {

        boolean covers(String channel) {
            return channel.length() > prefix.length() && channel.startsWith(prefix);
        }
    }

    private final DiscoveryQueries queries;
    private final CountDownLatch stopping;
    private final Queue<Watch> beginning = new ConcurrentLinkedQueue<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    private final Map<String, Found> told =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Serial private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
                    return size() > MAX_TOLD;
                }
            };

    /** What older transactions have published is told. */
    private long horizon = Long.MAX_VALUE;

    /** The epoch of the tables in which the horizon counts. */
    private String epoch = "";

    Discoveries(TableNames tables, CountDownLatch stopping) {
        this.queries = new DiscoveryQueries(tables);
        this.stopping = stopping;
    }

    /** Begins to watch, with the next {@link #begin}. Called by any thread. */
    CompletionStage<Void> watch(String prefix, ChannelDiscovery.Watcher watcher) {
        Watch watch = new Watch(prefix, watcher, new CompletableFuture<>());
        beginning.add(watch);
        return watch.begun();
    }

    /** Tells whether anybody watches a channel. Called by any thread. */
    boolean cover(String channel) {
        for (Watch watch : watches) {
            if (watch.covers(channel)) {
                return true;
            }
        }
        return false;
    }

    /** Puts those in force who want to watch. */
    void begin(Connection connection) throws SQLException {
        if (beginning.isEmpty()) {
            return;
        }
        // Those who watch already are told up to where the new ones begin.
        ask(connection);
        for (Watch watch = beginning.poll(); watch != null; watch = beginning.poll()) {
            watches.add(watch);
            watch.begun().complete(null);
        }
    }

    /** Fails those who want to watch: it never comes to that. */
    void end(Throwable cause) {
        for (Watch watch = beginning.poll(); watch != null; watch = beginning.poll()) {
            watch.begun().completeExceptionally(cause);
        }
    }

    /** Tells of all that has changed since it asked last. */
    void poll(Connection connection) throws SQLException {
        if (!watches.isEmpty()) {
            ask(connection);
        }
    }

    private void ask(Connection connection) throws SQLException {
        List<String> prefixes = watches.stream().map(Watch::prefix).toList();
        Changes changes = queries.changes(connection, horizon, prefixes);
        if (changes.epoch().isEmpty()) {
            return; // the reader is about to begin an epoch
        }
        boolean renewed = !changes.epoch().equals(epoch);
        if (renewed && !epoch.isEmpty()) {
            // The ids of transactions may be others, too.
            changes = queries.changes(connection, 0, prefixes);
        }
        tell(connection, changes.channels(), renewed);
        horizon = changes.horizon();
        epoch = changes.epoch();
    }

    /** Tells of channels that may have news. */
    void look(Connection connection, Collection<String> channels) throws SQLException {
        List<String> watched = channels.stream().filter(this::cover).toList();
        for (int from = 0; from < watched.size(); from += MAX_NAMES) {
            int to = Math.min(from + MAX_NAMES, watched.size());
            List<Found> rows = queries.rows(connection, watched.subList(from, to));
            if (rows.stream().allMatch(row -> row.epoch().equals(epoch))) {
                tell(connection, rows, false);
            } else {
                ask(connection);
            }
        }
    }

    private void tell(Connection connection, List<Found> rows, boolean renewed)
            throws SQLException {
        List<Found> unknown = new ArrayList<>();
        for (Found row : rows) {
            Found known = told.get(row.channel());
            if (known == null || !known.isOfOneLifeWith(row)) {
                unknown.add(row);
            } else if (row.offset() > known.offset()) {
                told.put(row.channel(), row);
                tell(row, known.offset(), row.offset());
            }
        }
        for (int from = 0; from < unknown.size(); from += MAX_NAMES) {
            int to = Math.min(from + MAX_NAMES, unknown.size());
            tellFirst(connection, unknown.subList(from, to), renewed);
        }
    }

    private void tellFirst(Connection connection, List<Found> unknown, boolean renewed)
            throws SQLException {
        List<String> names = unknown.stream().map(Found::channel).toList();
        List<Found> firsts = queries.first(connection, names, horizon, renewed);
        Map<String, Found> newest = new HashMap<>();
        unknown.forEach(row -> newest.put(row.channel(), row));
        told.putAll(newest);
        for (Found first : firsts) {
            Found last = newest.getOrDefault(first.channel(), first);
            tell(first, first.offset() - 1, last.isOfOneLifeWith(first) ? last.offset() : 0);
        }
    }

    /** Tells of the events after an offset, up to another one: of the first and of the last. */
    private void tell(Found row, long before, long last) {
        tell(row, before);
        if (last - 1 > before) {
            tell(row, last - 1);
        }
    }

    private void tell(Found row, long before) {
        Position position = new Position(TableEpoch.epochOf(row.epoch(), row.rowId()), before);
        for (Watch watch : watches) {
            if (watch.covers(row.channel()) && stopping.getCount() > 0) {
                watch.watcher().published(row.channel(), position);
            }
        }
    }
}
