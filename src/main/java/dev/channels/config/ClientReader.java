package dev.channels.config;

import java.time.Duration;

/** Reads the configuration of the client endpoint. */
final class ClientReader {

    /** What fits into a frame of any proxy, and far more than a command has. */
    private static final int GREATEST_MESSAGE = 1 << 24;

    private static final int MOST_CHANNELS = 100_000;
    private static final int MOST_COMMANDS = 1_000_000;
    private static final int LEAST_MESSAGE = 256;

    private final Values values;

    ClientReader(Values values) {
        this.values = values;
    }

    ClientConfig read() {
        Duration pingInterval = positive(Key.CLIENT_PING_INTERVAL);
        if (!pingInterval.equals(Duration.ofSeconds(pingInterval.toSeconds()))
                || pingInterval.compareTo(Duration.ofDays(1)) > 0) {
            values.problem(
                    Key.CLIENT_PING_INTERVAL.key(),
                    "clients are told whole seconds, up to one day",
                    "Write for example 25s.");
        }
        Duration pongTimeout = positive(Key.CLIENT_PONG_TIMEOUT);
        if (pongTimeout.compareTo(pingInterval) >= 0) {
            values.problem(
                    Key.CLIENT_PONG_TIMEOUT.key(),
                    "an answer would come due after the next ping",
                    "Make it shorter than channels.client-ping-interval ("
                            + pingInterval.toSeconds()
                            + "s).");
        }
        return new ClientConfig(
                values.flag(
                        Key.CLIENT_ENDPOINT.key(),
                        Boolean.parseBoolean(Key.CLIENT_ENDPOINT.defaultValue())),
                new DoorPath(values).read(Key.CLIENT_PATH),
                pingInterval,
                pongTimeout,
                positive(Key.CLIENT_CONNECT_TIMEOUT),
                number(Key.CLIENT_MAX_CHANNELS, 1, MOST_CHANNELS),
                number(Key.CLIENT_MAX_MESSAGE_SIZE, LEAST_MESSAGE, GREATEST_MESSAGE),
                number(Key.CLIENT_MAX_COMMANDS_PER_SECOND, 1, MOST_COMMANDS),
                duration(Key.CLIENT_WRITE_DELAY));
    }

    private int number(Key key, int min, int max) {
        return (int) values.number(key.key(), Integer.parseInt(key.defaultValue()), min, max);
    }

    private Duration duration(Key key) {
        int seconds = Integer.parseInt(key.defaultValue().replace("s", ""));
        return values.duration(key.key(), Duration.ofSeconds(seconds));
    }

    private Duration positive(Key key) {
        Duration duration = duration(key);
        if (duration.isZero()) {
            values.problem(key.key(), "it must be longer than nothing", "Write for example 10s.");
            return Duration.ofSeconds(1);
        }
        return duration;
    }
}
