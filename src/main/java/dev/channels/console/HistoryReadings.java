package dev.channels.console;

import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Log;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the broker keeps of channels, as it was read last. Few are read at once, each at most once
 * in some seconds for all who look, and none is waited for: who asks is told what is known.
 */
final class HistoryReadings {

    /** How many readings are remembered. */
    static final int MAX = 1_000;

    /** How many are under way at once: a broker has other work. */
    static final int AT_ONCE = 32;

    private static final long FRESH = TimeUnit.SECONDS.toNanos(5);

    /**
     * What was read.
     *
     * @param position where the channel stands at the broker; null where that could not be read
     * @param kept how many events of it the broker keeps
     */
    record Reading(@Nullable Position position, long kept, long time) {}

    private final Optional<ChannelHistory> history;
    private final LongSupplier clock;
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private volatile long answeredIn = -1;

    /**
     * Has read nothing yet.
     *
     * @param clock nanoseconds
     */
    HistoryReadings(Optional<ChannelHistory> history, LongSupplier clock) {
        this.history = history;
        this.clock = clock;
    }

    /** Tells whether there is anything to read. */
    boolean isKept() {
        return history.isPresent();
    }

    /**
     * Returns in how many nanoseconds the broker answered last; negative if it was not asked yet.
     */
    long answeredIn() {
        return answeredIn;
    }

    /** Returns what is known of a channel, and reads it anew if that is old; null for nothing. */
    @Nullable Reading of(String channel) {
        Reading known = readings.get(channel);
        if (history.isPresent() && (known == null || clock.getAsLong() - known.time > FRESH)) {
            begin(history.get(), channel);
        }
        return known == null || known.position == null ? null : known;
    }

    private void begin(ChannelHistory from, String channel) {
        if (underWay.size() >= AT_ONCE || !underWay.add(channel)) {
            return;
        }
        long begun = clock.getAsLong();
        CompletionStage<Reading> read;
        try {
            read =
                    from.last(channel, 0)
                            .thenCompose(
                                    slice -> {
                                        answeredIn = clock.getAsLong() - begun;
                                        return count(from, channel, slice.position());
                                    });
        } catch (RuntimeException e) {
            read = CompletableFuture.failedFuture(e);
        }
        var unused =
                read.whenComplete(
                        (reading, failure) -> {
                            if (readings.size() >= MAX) {
                                readings.clear();
                            }
                            if (failure != null) {
                                Log.detail(
                                        ErrorCode.HISTORY_FAILED,
                                        () -> "The console could not read a history",
                                        failure);
                            }
                            readings.put(
                                    channel,
                                    failure == null
                                            ? reading
                                            : new Reading(null, 0, clock.getAsLong()));
                            underWay.remove(channel);
                        });
    }

    /** Counts what is kept by the oldest event: offsets have no holes. */
    private CompletionStage<Reading> count(ChannelHistory from, String channel, Position position) {
        if (position.offset() == 0) {
            return CompletableFuture.completedFuture(new Reading(position, 0, clock.getAsLong()));
        }
        return from.after(channel, new Position(position.epoch(), 0), 1)
                .thenApply(slice -> new Reading(position, kept(slice), clock.getAsLong()));
    }

    private static long kept(HistorySlice slice) {
        return slice.events().isEmpty()
                ? 0
                : slice.position().offset() - slice.events().get(0).position().offset() + 1;
    }
}
