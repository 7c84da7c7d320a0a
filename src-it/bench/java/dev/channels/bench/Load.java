package dev.channels.bench;

import dev.channels.bench.app.Order;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the publisher is asked for.
 *
 * @param sockets how many sockets, over all channels
 * @param channels how many channels
 * @param size how large an event is, in bytes
 * @param pace how many events per second over all channels; 0: as many as the fan-out takes
 */
record Load(int sockets, int channels, int size, int pace) {

    private static final int MOST_EVENTS = 10_000_000;
    private static final int MOST_OUTSTANDING = 1000;

    /** So that what is under way at the end of a measurement does not take longer than itself. */
    private static final int MOST_OUTSTANDING_DELIVERIES = 100_000;

    /** Below the bound of a backlog, so that a socket that reads loses nothing. */
    private static final int MOST_OUTSTANDING_BYTES = 512 * 1024;

    static Load of(int sockets, int size) {
        return new Load(sockets, 1, size, 10);
    }

    Load saturated() {
        return new Load(sockets, channels, size, 0);
    }

    boolean isPaced() {
        return pace > 0;
    }

    /** Returns how many deliveries the pace makes. */
    double deliveriesPerSecond() {
        return (double) pace * sockets / channels;
    }

    /** Makes an order with a bound in time. */
    Order order(App app, Duration time, Path progress) {
        return order(app, MOST_EVENTS, time, progress);
    }

    /** Makes an order with a bound in events and time. */
    Order order(App app, int events, Duration time, Path progress) {
        return new Order(
                app.nextSequence(events),
                events,
                time.toMillis(),
                size,
                channels,
                sockets,
                pace,
                outstanding(),
                progress.toAbsolutePath().toString());
    }

    private int outstanding() {
        int perChannel =
                Math.min(
                        MOST_OUTSTANDING_DELIVERIES / sockets,
                        Math.min(MOST_OUTSTANDING, MOST_OUTSTANDING_BYTES / size));
        return Math.max(2, perChannel);
    }

    @Override
    public String toString() {
        return channels == 1
                ? "%,d sockets, %,d B".formatted(sockets, size)
                : "%,d channels of %d, %,d B".formatted(channels, sockets / channels, size);
    }
}
