package dev.channels.bench;

import dev.channels.bench.app.Order;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the publisher is asked for.
 *
 * @param door where the sockets of the plugin come in
 * @param sockets how many sockets, over all channels
 * @param channels how many channels
 * @param perSocket how many of the channels each socket follows
 * @param size how large an event is, in bytes
 * @param pace how many events per second over all channels; 0: as many as the fan-out takes
 */
record Load(Door door, int sockets, int channels, int perSocket, int size, int pace) {

    private static final int MOST_EVENTS = 10_000_000;
    private static final int MOST_OUTSTANDING = 1000;

    /** So that what is under way at the end of a measurement does not take longer than itself. */
    private static final int MOST_OUTSTANDING_DELIVERIES = 100_000;

    /** Below the bound of a backlog, so that a socket that reads loses nothing. */
    private static final int MOST_OUTSTANDING_BYTES = 512 * 1024;

    static Load of(int sockets, int size) {
        return of(sockets, 1, size, 10);
    }

    static Load of(int sockets, int channels, int size, int pace) {
        return new Load(Door.PLAIN, sockets, channels, 1, size, pace);
    }

    Load by(Door other) {
        return new Load(other, sockets, channels, perSocket, size, pace);
    }

    /** Each socket follows so many of the channels. */
    Load following(int more) {
        return new Load(door, sockets, channels, more, size, pace);
    }

    /** Returns how many deliveries one event of each channel makes. */
    int deliveriesPerRound() {
        return sockets * perSocket;
    }

    Load saturated() {
        return new Load(door, sockets, channels, perSocket, size, 0);
    }

    boolean isPaced() {
        return pace > 0;
    }

    /** Returns how many deliveries the pace makes. */
    double deliveriesPerSecond() {
        return (double) pace * deliveriesPerRound() / channels;
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
                deliveriesPerRound(),
                pace,
                outstanding(),
                progress.toAbsolutePath().toString());
    }

    private int outstanding() {
        int perChannel =
                Math.min(
                        MOST_OUTSTANDING_DELIVERIES / deliveriesPerRound(),
                        Math.min(MOST_OUTSTANDING, MOST_OUTSTANDING_BYTES / (size * perSocket)));
        return Math.max(2, perChannel);
    }

    @Override
    public String toString() {
        if (channels == 1) {
            return door + "%,d sockets, %,d B".formatted(sockets, size);
        }
        String each = perSocket == 1 ? "" : ", %d each".formatted(perSocket);
        return door
                + "%,d channels of %d, %,d B"
                        .formatted(channels, deliveriesPerRound() / channels, size)
                + each;
    }
}
