package dev.channels.backend.postgresql;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendSink;
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
final class Reader implements Worker.Job {

    /** How many names one query begins with. */
    private static final int MAX_NAMES = 1_000;

    private record Join(List<Track> tracks, CompletableFuture<Void> done) {}

    private final Schema schema;
    private final Life life;
    private final News news;
    private final Notifier notifier;
    private final BackendSink sink;
    private final Failures failures;
    private final CountDownLatch stopping;
    private final long pollNanos;

    private final Bell bell = new Bell();
    private final Map<String, Track> tracks = new ConcurrentHashMap<>();
    private final Queue<Join> joins = new ConcurrentLinkedQueue<>();

    /** Used by the worker's thread only. */
    private long horizon = Long.MAX_VALUE;

    /** Used by the worker's thread only. */
    private @Nullable String epoch;

    /** Used by the worker's thread only. */
    private long polledAt;

    Reader(
            Schema schema,
            Life life,
            News news,
            Notifier notifier,
            BackendSink sink,
            Failures failures,
            CountDownLatch stopping,
            Duration pollInterval) {
        this.schema = schema;
        this.life = life;
        this.news = news;
        this.notifier = notifier;
        this.sink = sink;
        this.failures = failures;
        this.stopping = stopping;
        this.pollNanos = pollInterval.toNanos();
    }

    CompletionStage<Void> subscribe(Set<String> channels) {
        List<Track> joining = channels.stream().map(Track::new).toList();
        Join join = new Join(joining, new CompletableFuture<>());
        joins.add(join);
        bell.ring();
        return join.done;
    }

    void unsubscribe(Set<String> channels) {
        channels.forEach(tracks::remove);
    }

    /** Wakes the reader if it follows any of these channels. */
    void wake(Collection<String> channels) {
        List<String> followed = channels.stream().filter(tracks::containsKey).toList();
        if (!followed.isEmpty()) {
            bell.ring(followed);
        }
    }

    /** Wakes the reader: any channel may have news. */
    void wakeForAll() {
        bell.ringForAll();
    }

    @Override
    public void connected(DatabaseLine line) throws SQLException {
        line.use(
                connection -> {
                    schema.prepare(connection);
                    life.verify(connection);
                    join(connection);
                    resume(line, connection);
                    notifier.ping(connection);
                });
    }

    @Override
    public void step(DatabaseLine line) throws SQLException, InterruptedException {
        Bell.Ring ring = bell.await(pollNanos - (System.nanoTime() - polledAt));
        if (stopping.getCount() == 0) {
            return;
        }
        line.use(
                connection -> {
                    read(line, connection, join(connection));
                    if (ring.all() || System.nanoTime() - polledAt >= pollNanos) {
                        poll(line, connection);
                    }
                    read(line, connection, known(ring.channels()));
                });
    }

    @Override
    public void lost(Throwable cause) {
        if (stopping.getCount() == 0) {
            for (Join join = joins.poll(); join != null; join = joins.poll()) {
                join.done.completeExceptionally(failures.unavailable(cause));
            }
        }
    }

    @Override
    public void wake() {
        bell.ring();
    }

    /**
     * Begins to follow the channels that were subscribed to, and returns them: what was published
     * while they began rang no bell.
     */
    private List<Track> join(Connection connection) throws SQLException {
        List<Track> joined = new ArrayList<>();
        for (Join join = joins.peek(); join != null; join = joins.peek()) {
            for (List<Track> some : parts(join.tracks, MAX_NAMES)) {
                begin(connection, some);
            }
            joins.remove(join);
            join.done.complete(null);
            joined.addAll(join.tracks);
        }
        return joined;
    }

    private void begin(Connection connection, List<Track> joining) throws SQLException {
        Map<String, Track> byName = new ConcurrentHashMap<>();
        joining.forEach(track -> byName.put(track.channel(), track));
        for (News.Channel row : news.rows(connection, byName.keySet())) {
            Track track = byName.get(row.channel());
            if (track != null) {
                track.begin(row.epoch(), row.rowId(), row.lastOffset());
            }
        }
        tracks.putAll(byName);
    }

    /** Asks which channels have changed, and reads them. */
    private void poll(DatabaseLine line, Connection connection) throws SQLException {
        polledAt = System.nanoTime();
        News.Changes changes = news.changes(connection, horizon, tracks.keySet());
        if (changes.epoch() == null || !changes.same()) {
            life.verify(connection);
            resume(line, connection);
            return;
        }
        if (!changes.epoch().equals(epoch)) {
            resume(line, connection); // another node has noticed and begun it
            return;
        }
        horizon = changes.horizon();
        List<Track> changed = new ArrayList<>();
        for (News.Channel row : changes.channels()) {
            Track track = tracks.get(row.channel());
            if (track != null && track.hasNews(row.epoch(), row.rowId(), row.lastOffset())) {
                changed.add(track);
            }
        }
        read(line, connection, changed);
    }

    /** Reads all channels on, after an outage or in a new epoch. */
    private void resume(DatabaseLine line, Connection connection) throws SQLException {
        polledAt = System.nanoTime();
        // The horizon first: what commits after it is found by the next poll.
        News.Changes changes = news.changes(connection, Long.MAX_VALUE, tracks.keySet());
        horizon = changes.horizon();
        epoch = changes.epoch();
        read(line, connection, new ArrayList<>(tracks.values()));
    }

    private List<Track> known(Set<String> channels) {
        List<Track> known = new ArrayList<>();
        for (String channel : channels) {
            Track track = tracks.get(channel);
            if (track != null) {
                known.add(track);
            }
        }
        return known;
    }

    /**
     * Reads channels on, each up to a limit; those that have more come again with the next step, so
     * that a busy channel holds up neither the others nor a subscription.
     */
    private void read(DatabaseLine line, Connection connection, List<Track> channels)
            throws SQLException {
        for (List<Track> some : parts(channels, News.MAX_CHANNELS)) {
            if (stopping.getCount() > 0) {
                List<Track> unfinished = readOnce(line, connection, some);
                if (!unfinished.isEmpty()) {
                    bell.ring(unfinished.stream().map(Track::channel).toList());
                }
            }
        }
    }

    /** Returns those of the channels that have more. */
    private List<Track> readOnce(DatabaseLine line, Connection connection, List<Track> some)
            throws SQLException {
        List<Track> unfinished = new ArrayList<>();
        Map<String, Track> unseen = new ConcurrentHashMap<>();
        some.forEach(track -> unseen.put(track.channel(), track));
        List<News.Channel> channels =
                line.moving(News.MOST_BYTES, () -> news.events(connection, some));
        for (News.Channel channel : channels) {
            Track track = unseen.remove(channel.channel());
            if (track != null && !push(connection, track, channel)) {
                unfinished.add(track);
            }
        }
        for (Track track : unseen.values()) {
            if (!track.isUnborn()) {
                track.unborn();
                gap(track);
            }
        }
        return unfinished;
    }

    /** Pushes what was read of a channel into the sink; returns whether that was all. */
    private boolean push(Connection connection, Track track, News.Channel channel)
            throws SQLException {
        if (channel.epoch().isEmpty()) {
            life.verify(connection); // somebody emptied the tables
            return false;
        }
        switch (track.align(
                channel.epoch(), channel.rowId(), channel.base(), channel.lastOffset())) {
            case CONTINUES -> {}
            case GAP -> {
                gap(track);
                return false; // the events were read from the offset of before
            }
            case BEHIND -> {
                life.renew(connection, channel.epoch());
                return false;
            }
        }
        String channelEpoch = Life.epochOf(channel.epoch(), channel.rowId());
        for (News.Event event : channel.events()) {
            if (event.offset() > track.offset() + 1) {
                gap(track);
            }
            deliver(
                    track,
                    new ChannelEvent(
                            track.channel(),
                            new Position(channelEpoch, event.offset()),
                            event.payload()));
            track.seen(event.offset());
        }
        if (channel.complete() && track.offset() < channel.lastOffset()) {
            gap(track);
            track.seen(channel.lastOffset());
        }
        return track.offset() >= channel.lastOffset();
    }

    private void deliver(Track track, ChannelEvent event) {
        if (isFollowed(track)) {
            sink.deliver(event);
        }
    }

    private void gap(Track track) {
        if (isFollowed(track)) {
            sink.gap(track.channel());
        }
    }

    private boolean isFollowed(Track track) {
        return stopping.getCount() > 0 && tracks.get(track.channel()) == track;
    }

    private static <T> List<List<T>> parts(List<T> whole, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < whole.size(); from += size) {
            parts.add(whole.subList(from, Math.min(from + size, whole.size())));
        }
        return parts;
    }
}
