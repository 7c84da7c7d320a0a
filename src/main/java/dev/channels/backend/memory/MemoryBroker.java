package dev.channels.backend.memory;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendSink;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

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
 * sink, and the contract lets it publish one batch at a time.
 *
 * <p>A log lives while its channel is subscribed, or keeps events. Channels without a log all stand
 * at offset 0 of the present epoch, which a new log takes over. Forgetting a log that has counted
 * events begins another epoch first, so that no position ever comes twice.
 */
final class MemoryBroker {

    private final BackendSink sink;
    private final MemoryRetention retention;
    private final LongSupplier clock;
    private final String id = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
    private final AtomicLong epochs = new AtomicLong(1);
    private final Map<String, ChannelLog> logs = new ConcurrentHashMap<>();
    private final Set<String> subscribed = ConcurrentHashMap.newKeySet();

    /** The logs that keep events, the one published to longest ago first; only the publisher's. */
    private final Map<String, ChannelLog> keeping = new LinkedHashMap<>(16, 0.75f, true);

    /** What the events kept in all logs count; only the publisher's. */
    private long keptBytes;

    private final MemoryPresence presence;

    MemoryBroker(BackendSink sink, MemoryRetention retention, LongSupplier clock) {
        this.sink = sink;
        this.presence = new MemoryPresence(sink, subscribed::contains);
        this.retention = retention;
        this.clock = clock;
    }

    MemoryPresence presence() {
        return presence;
    }

    void publish(List<Publication> batch) {
        for (Publication publication : batch) {
            for (String channel : publication.channels()) {
                publish(channel, publication);
            }
        }
        if (!keeping.isEmpty()) {
            forgetUnused();
        }
    }

    private void publish(String channel, Publication publication) {
        ChannelEvent event = null;
        while (event == null) {
            ChannelLog log = retention.keepsEvents() ? logOf(channel) : logs.get(channel);
            if (log == null) {
                return;
            }
            event = log.append(publication.payload(), publication.headers());
            if (event != null && retention.keepsEvents()) {
                keep(log);
            }
        }
        if (subscribed.contains(channel)) {
            sink.deliver(event);
        }
    }

    private void keep(ChannelLog log) {
        keptBytes += log.takeGrowth();
        log.usedAt(clock.getAsLong());
        keeping.put(log.channel(), log);
        while (keptBytes > retention.maxBytes() && !keeping.isEmpty()) {
            ChannelLog oldest = keeping.values().iterator().next();
            oldest.dropOldest();
            keptBytes += oldest.takeGrowth();
            if (!oldest.keepsEvents()) {
                keeping.remove(oldest.channel());
                forget(oldest);
            }
        }
    }

    /** Forgets the channels that nobody has published to, or been subscribed to, for long. */
    private void forgetUnused() {
        long now = clock.getAsLong();
        List<ChannelLog> stillUsed = new ArrayList<>();
        Iterator<ChannelLog> oldestFirst = keeping.values().iterator();
        while (oldestFirst.hasNext()) {
            ChannelLog log = oldestFirst.next();
            if (now - log.usedAt() < retention.unused().toNanos()) {
                break;
            }
            if (subscribed.contains(log.channel())) {
                stillUsed.add(log);
                continue;
            }
            oldestFirst.remove();
            log.dropAll();
            keptBytes += log.takeGrowth();
            forget(log);
        }
        // To the end, so that the next look does not pass all of them again.
        for (ChannelLog log : stillUsed) {
            log.usedAt(now);
            keeping.put(log.channel(), log);
        }
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
                        epochs.incrementAndGet();
                    }
                    return known.close() ? null : known;
                });
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
        return log == null ? nothing(false) : log.last(limit);
    }

    /** The position of a channel without a log is of a former life, so what followed it is gone. */
    HistorySlice after(String channel, Position position, int limit) {
        ChannelLog log = logs.get(channel);
        return log == null ? nothing(!position.equals(beginning())) : log.after(position, limit);
    }

    HistorySlice before(String channel, Position position, int limit) {
        ChannelLog log = logs.get(channel);
        return log == null
                ? nothing(!position.isComparableTo(beginning()))
                : log.before(position, limit);
    }

    private HistorySlice nothing(boolean gap) {
        return new HistorySlice(List.of(), beginning(), gap);
    }

    /** Where a channel without a log stands. */
    private Position beginning() {
        return new Position(epoch(), 0);
    }

    private String epoch() {
        return id + "-" + epochs.get();
    }

    /** Returns how many channels take memory. */
    int size() {
        return logs.size() + subscribed.size();
    }

    private ChannelLog logOf(String channel) {
        return logs.computeIfAbsent(channel, this::newLog);
    }

    private ChannelLog newLog(String channel) {
        return new ChannelLog(channel, epoch(), retention.events());
    }
}
