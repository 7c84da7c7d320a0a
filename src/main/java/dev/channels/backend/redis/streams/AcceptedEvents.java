package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.command.Text;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What Redis accepted from this node, to be compared with its record of that. Touched by the loop
 * only.
 */
final class AcceptedEvents {

    /** How long Redis keeps the record of a publisher after its last event. */
    static final Duration RECORD_TTL = Duration.ofDays(1);

    /** How many channels are remembered, those published to last. */
    private static final int CHANNELS = 10_000;

    private final StreamKeys keys;
    private final LongSupplier nanoTime;

    /**
     * The greatest sequence number accepted with an event of the channel; the latest at the end.
     */
    private final Map<String, Long> sequences = new LinkedHashMap<>();

    /** When the last event was accepted, by partition. */
    private final Map<Integer, Long> times = new HashMap<>();

    AcceptedEvents(StreamKeys keys, LongSupplier nanoTime) {
        this.keys = keys;
        this.nanoTime = nanoTime;
    }

    /** Takes channels of one partition, and the greatest sequence number with them. */
    void add(int partition, Collection<String> channels, long sequence) {
        times.put(partition, nanoTime.getAsLong());
        for (String channel : channels) {
            sequences.remove(channel);
            sequences.put(channel, sequence);
        }
        Iterator<String> eldest = sequences.keySet().iterator();
        while (sequences.size() > CHANNELS) {
            eldest.next();
            eldest.remove();
        }
    }

    Set<Integer> partitions() {
        return Set.copyOf(times.keySet());
    }

    /** Returns the channels of a partition that have events of which its record does not know. */
    List<String> forgotten(int partition, byte @Nullable [] record) {
        long settled = record == null ? settledWithoutRecord(partition) : settled(record);
        return sequences.entrySet().stream()
                .filter(entry -> entry.getValue() > settled)
                .map(Map.Entry::getKey)
                .filter(channel -> keys.partition(channel) == partition)
                .toList();
    }

    void remove(Collection<String> channels) {
        channels.forEach(sequences::remove);
    }

    private static long settled(byte[] record) {
        return Long.parseLong(Text.of(record).split("\n", 2)[0]);
    }

    /** A record that has not expired is as forgotten as the events that it came with. */
    private long settledWithoutRecord(int partition) {
        long age = nanoTime.getAsLong() - times.getOrDefault(partition, 0L);
        return age < RECORD_TTL.toNanos() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
