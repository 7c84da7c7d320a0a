package dev.channels.console;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads all channels of the node, at most once in a second for all who look, and tells rates by two
 * readings. Nothing is kept from others while it reads: they are given the reading before.
 */
final class ChannelReadings {

    /** A reading is shared for so long. */
    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(900);

    /** Two readings further apart tell no rate: nobody has looked meanwhile. */
    private static final long RECENT = TimeUnit.SECONDS.toNanos(10);

    private record Reading(Map<String, ChannelRow> rows, long time) {}

    private final ConsoleSource source;
    private final LongSupplier clock;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile @Nullable Reading last;

    /**
     * Has read nothing yet.
     *
     * @param clock nanoseconds
     */
    ChannelReadings(ConsoleSource source, LongSupplier clock) {
        this.source = source;
        this.clock = clock;
    }

    /** Returns the channels, each once, in no order. */
    Collection<ChannelRow> rows() {
        Reading before = last;
        long now = clock.getAsLong();
        if (before != null && now - before.time < FRESH) {
            return before.rows.values();
        }
        if (!reading.compareAndSet(false, true)) {
            return before == null ? List.of() : before.rows.values();
        }
        try {
            Reading next = new Reading(read(before, now), now);
            last = next;
            return next.rows.values();
        } finally {
            reading.set(false);
        }
    }

    private Map<String, ChannelRow> read(@Nullable Reading before, long now) {
        Map<String, ChannelRow> rows = new HashMap<>();
        for (String name : source.declared()) {
            rows.put(name, new ChannelRow(name, 0, 0, Double.NaN, null));
        }
        boolean recent = before != null && now - before.time < RECENT;
        source.showChannels(
                (name, subscribers, events, reached) -> {
                    ChannelRow earlier = recent && before != null ? before.rows.get(name) : null;
                    double rate =
                            earlier == null || before == null
                                    ? Double.NaN
                                    : rate(earlier.events(), events, now - before.time);
                    rows.put(name, new ChannelRow(name, subscribers, events, rate, reached));
                });
        return rows;
    }

    /** A channel that was left and is followed again counts anew. */
    private static double rate(long before, long now, long nanos) {
        return Math.max(0, now - before) * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
    }
}
