package dev.channels.backend.memory;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one memory backend from a start to the next stop.
 *
 * <p>Why history joins live events without a hole, though no lock spans both: the publisher first
 * <em>appends</em> an event to its channel's log and then <em>looks</em> whether the channel is
 * subscribed; a subscriber first <em>marks</em> the channel as subscribed and then <em>reads</em>
 * the log. A publisher that does not see the mark looked before it was set, so it appended before
 * the read, and the event is in the history. An event can be in both; its position tells.
 *
 * <p>Why deliveries of a channel keep their order and never overlap: only the publisher calls the
 * sink, and the contract lets it publish one batch at a time. A history that is to be forgotten has
 * its time between two batches.
 *
 * <p>A log lives while its channel is subscribed, or keeps events. Channels without a log all stand
 * at offset 0 of the present epoch, which a new log takes over. Forgetting a log that has counted
 * events begins another epoch first, so that no position ever comes twice. So does an event of a
 * channel that keeps none and has no log, where others keep some; these channels have epochs of
 * their own, so that it is a gap to none that does keep events.
 */
final class MemoryBroker {

    private final BackendSink sink;
    private final Retentions retention;

    /** Whether there are channels that keep events. */
    private final boolean keepsEvents;

    private final LongSupplier clock;
    private final String id = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);

    /** The present epoch of channels that keep events and have no log. */
    private final AtomicLong epochs = new AtomicLong(1);

    /** That of channels that keep none and have no log. */
    private final AtomicLong epochsWithoutHistory = new AtomicLong(1);

    private final Map<String, ChannelLog> logs = new ConcurrentHashMap<>();
    private final Set<String> subscribed = ConcurrentHashMap.newKeySet();

    /** The logs that keep events, by how long they do unused; only the publisher's. */
    private final Map<Duration, KeptLogs> keeping = new LinkedHashMap<>();

    /** What the events kept in all logs count; only the publisher's. */
    private long keptBytes;

    /** Who is told of the channels whose names begin alike. */
    private record Watch(String prefix, ChannelDiscovery.Watcher watcher) {

        boolean covers(String channel) {
            return channel.length() > prefix.length() && channel.startsWith(prefix);
        }
    }

    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    private final MemoryPresence presence;
    private final MemoryLeases leases;

    MemoryBroker(BackendSink sink, Retentions retention, LongSupplier clock) {
        this.sink = sink;
        this.presence = new MemoryPresence(sink, subscribed::contains);
        this.leases = new MemoryLeases(clock);
        this.retention = retention;
        this.keepsEvents = retention.keepsEvents();
        this.clock = clock;
    }

    MemoryPresence presence() {
        return presence;
    }

    MemoryLeases leases() {
        return leases;
    }

    void publish(List<Publication> batch) {
        for (Publication publication : batch) {
            for (String channel : publication.channels()) {
                publish(channel, publication);
            }
        }
        for (KeptLogs kept : keeping.values()) {
            for (ChannelLog log : kept.takeUnused(clock.getAsLong(), subscribed::contains)) {
                log.dropAll();
                keptBytes += log.takeGrowth();
                forget(log);
            }
        }
    }

    void watch(String prefix, ChannelDiscovery.Watcher watcher) {
        watches.add(new Watch(prefix, watcher));
    }

    private void tell(String channel) {
        for (Watch watch : watches) {
            if (watch.covers(channel)) {
                watch.watcher().published(channel, last(channel, 0).position());
            }
        }
    }

    private void publish(String channel, Publication publication) {
        // First: who joins the channel then is subscribed to it when the event is there.
        tell(channel);
        ChannelEvent event = null;
        while (event == null) {
            ChannelLog log = keepsEvents ? logToPublish(channel) : logs.get(channel);
            if (log == null) {
                return;
            }
            event = log.append(publication.payload(), publication.headers());
            if (event != null && log.retention().keepsEvents()) {
                keep(log);
            }
        }
        if (subscribed.contains(channel)) {
            sink.deliver(event);
        }
    }

    /** Returns the log of a channel; null if it keeps nothing and nobody follows it. */
    private @Nullable ChannelLog logToPublish(String channel) {
        ChannelLog known = logs.get(channel);
        if (known != null) {
            return known;
        }
        return logs.compute(
                channel,
                (name, log) -> {
                    ChannelRetention kept = retention.of(name);
                    if (log == null && !kept.keepsEvents()) {
                        // Who left the channel without a log, and comes back, has missed an event.
                        epochOf(kept).incrementAndGet();
                        return null;
                    }
                    return log == null ? newLog(name) : log;
                });
    }

    private void keep(ChannelLog log) {
        keptBytes += log.takeGrowth();
        keeping(log).used(log, clock.getAsLong());
        while (keptBytes > retention.maxBytes()) {
            ChannelLog oldest = oldest();
            if (oldest == null) {
                break;
            }
            oldest.dropOldest();
            keptBytes += oldest.takeGrowth();
            if (!oldest.keepsEvents()) {
                keeping(oldest).remove(oldest);
                forget(oldest);
            }
        }
    }

    private KeptLogs keeping(ChannelLog log) {
        return keeping.computeIfAbsent(
                log.retention().unused(), unused -> new KeptLogs(unused.toNanos()));
    }

    private @Nullable ChannelLog oldest() {
        ChannelLog oldest = null;
        for (KeptLogs kept : keeping.values()) {
            ChannelLog candidate = kept.oldest();
            if (candidate != null && (oldest == null || candidate.usedAt() - oldest.usedAt() < 0)) {
                oldest = candidate;
            }
        }
        return oldest;
    }

    /** Removes a log that keeps no events, unless its channel is subscribed. */
    private void forget(ChannelLog log) {
        logs.computeIfPresent(
                log.channel(),
                (name, known) -> {
                    if (known != log || subscribed.contains(name)) {
                        return known;
                    }
                    if (known.hasCounted()) {
                        // In this order: whoever finds no log must find the next epoch.
                        epochOf(known.retention()).incrementAndGet();
                    }
                    return known.close() ? null : known;
                });
    }

    /** Deletes what is kept of a channel, whose next life begins; like a publish. */
    void forgetHistory(String channel) {
        ChannelLog log = logs.get(channel);
        if (log == null || !log.hasCounted()) {
            return;
        }
        log.dropAll();
        keptBytes += log.takeGrowth();
        keeping(log).remove(log);
        logs.computeIfPresent(
                channel,
                (name, known) -> {
                    // In this order: whoever finds no log must find the next epoch.
                    epochOf(known.retention()).incrementAndGet();
                    known.close();
                    return subscribed.contains(name) ? newLog(name) : null;
                });
        if (subscribed.contains(channel)) {
            sink.gap(channel);
        }
    }

    void subscribe(Set<String> channels) {
        for (String channel : channels) {
            logs.compute(
                    channel,
                    (name, known) -> {
                        subscribed.add(name);
                        return known == null ? newLog(name) : known;
                    });
        }
    }

    void unsubscribe(Set<String> channels) {
        for (String channel : channels) {
            subscribed.remove(channel);
            ChannelLog log = logs.get(channel);
            if (log != null && !log.keepsEvents()) {
                forget(log);
            }
        }
    }

    HistorySlice last(String channel, int limit) {
        ChannelLog log = logs.get(channel);
        return log == null ? nothing(channel, false) : log.last(limit);
    }

    /** The position of a channel without a log is of a former life, so what followed it is gone. */
    HistorySlice after(String channel, Position position, int limit) {
        ChannelLog log = logs.get(channel);
        return log == null
                ? nothing(channel, !position.equals(beginning(channel)))
                : log.after(position, limit);
    }

    HistorySlice before(String channel, Position position, int limit) {
        ChannelLog log = logs.get(channel);
        return log == null
                ? nothing(channel, !position.isComparableTo(beginning(channel)))
                : log.before(position, limit);
    }

    private HistorySlice nothing(String channel, boolean gap) {
        return new HistorySlice(List.of(), beginning(channel), gap);
    }

    /** Where a channel without a log stands. */
    private Position beginning(String channel) {
        return new Position(epoch(retention.of(channel)), 0);
    }

    private String epoch(ChannelRetention kept) {
        return id + (kept.keepsEvents() ? "-" : "-0-") + epochOf(kept).get();
    }

    private AtomicLong epochOf(ChannelRetention kept) {
        return kept.keepsEvents() ? epochs : epochsWithoutHistory;
    }

    /** Returns how many channels take memory. */
    int size() {
        return logs.size() + subscribed.size();
    }

    private ChannelLog newLog(String channel) {
        ChannelRetention kept = retention.of(channel);
        return new ChannelLog(channel, epoch(kept), kept);
    }
}
