package dev.channels.config;

import java.time.Duration;

/** Reads the configuration of the client endpoint. */
final class ClientReader {

    private final Values values;

    ClientReader(Values values) {
        this.values = values;
    }

    ClientConfig read() {
        Duration pingInterval = values.get(Keys.CLIENT_PING_INTERVAL);
        if (!pingInterval.equals(Duration.ofSeconds(pingInterval.toSeconds()))) {
            values.problem(
                    Keys.CLIENT_PING_INTERVAL,
                    "clients are told whole seconds",
                    "Write for example 25s.");
        }
        Duration pongTimeout = values.get(Keys.CLIENT_PONG_TIMEOUT);
        if (pongTimeout.compareTo(pingInterval) >= 0) {
            values.problem(
                    Keys.CLIENT_PONG_TIMEOUT,
                    "an answer would come due after the next ping",
                    "Make it shorter than channels.client-ping-interval ("
                            + pingInterval.toSeconds()
                            + "s).");
        }
        return new ClientConfig(
                values.get(Keys.CLIENT_ENDPOINT),
                new DoorPath(values).read(Keys.CLIENT_PATH),
                pingInterval,
                pongTimeout,
                values.get(Keys.CLIENT_CONNECT_TIMEOUT),
                values.get(Keys.CLIENT_MAX_CHANNELS),
                values.get(Keys.CLIENT_MAX_MESSAGE_SIZE),
                values.get(Keys.CLIENT_MAX_COMMANDS_PER_SECOND),
                values.get(Keys.CLIENT_MAX_PUBLISHES_PER_SECOND),
                values.get(Keys.CLIENT_WRITE_DELAY));
    }
}
