package dev.channels.backend.memory;

import dev.channels.Position;
import dev.channels.spi.BackendSink;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

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
 * <p>Where a history is kept, a log begins with the channel's first event and stays. Where none is,
 * a log only counts offsets, and lives as long as the channel is subscribed.
 */
final class MemoryBroker {

    private final BackendSink sink;
    private final int history;
    private final String id = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
    private final AtomicLong epochs = new AtomicLong();
    private final Map<String, ChannelLog> logs = new ConcurrentHashMap<>();
    private final Set<String> subscribed = ConcurrentHashMap.newKeySet();

    MemoryBroker(BackendSink sink, int history) {
        this.sink = sink;
        this.history = history;
    }

    void publish(List<Publication> batch) {
        for (Publication publication : batch) {
            for (String channel : publication.channels()) {
                publish(channel, publication.payload());
            }
        }
    }

    private void publish(String channel, byte[] payload) {
        ChannelLog log = history > 0 ? logOf(channel) : logs.get(channel);
        if (log == null) {
            return;
        }
        var event = log.append(payload);
        if (subscribed.contains(channel)) {
            sink.deliver(event);
        }
    }

    void subscribe(Set<String> channels) {
        if (history == 0) {
            channels.forEach(this::logOf);
        }
        subscribed.addAll(channels);
    }

    void unsubscribe(Set<String> channels) {
        subscribed.removeAll(channels);
        if (history == 0) {
            logs.keySet().removeAll(channels);
        }
    }

    HistorySlice last(String channel, int limit) {
        ChannelLog log = logs.get(channel);
        return log == null ? new HistorySlice(List.of(), false) : log.last(limit);
    }

    /** The position of a channel without a log is of a former life, so what followed it is gone. */
    HistorySlice after(String channel, Position position, int limit) {
        ChannelLog log = logs.get(channel);
        return log == null ? new HistorySlice(List.of(), true) : log.after(position, limit);
    }

    /** Returns how many channels take memory. */
    int size() {
        return logs.size() + subscribed.size();
    }

    private ChannelLog logOf(String channel) {
        return logs.computeIfAbsent(
                channel,
                name -> new ChannelLog(name, id + "-" + epochs.incrementAndGet(), history));
    }
}
