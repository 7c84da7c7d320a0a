package dev.channels.config;

import java.time.Duration;

/** Reads the configuration of the Server-Sent Events. */
final class SseReader {

    /** One server ends a connection on which it has written nothing for 90 s. */
    private static final Duration LONGEST_PING_INTERVAL = Duration.ofSeconds(60);

    private final Values values;

    SseReader(Values values) {
        this.values = values;
    }

    SseConfig read() {
        return new SseConfig(
                values.flag(
                        Key.SSE_ENDPOINT.key(),
                        Boolean.parseBoolean(Key.SSE_ENDPOINT.defaultValue())),
                path(),
                pingInterval());
    }

    /** A servlet's path is a pattern, in which an asterisk at the end stands for anything. */
    private String path() {
        String path = new DoorPath(values).read(Key.SSE_PATH);
        if (path.endsWith("/*")) {
            values.problem(
                    Key.SSE_PATH.key(),
                    "an asterisk at the end would stand for every path below",
                    "Write one path, for example " + Key.SSE_PATH.defaultValue() + ".");
        }
        return path;
    }

    private Duration pingInterval() {
        String key = Key.SSE_PING_INTERVAL.key();
        Duration written =
                values.duration(key, Values.toDuration(Key.SSE_PING_INTERVAL.defaultValue()));
        if (written.isZero() || written.compareTo(LONGEST_PING_INTERVAL) > 0) {
            values.problem(
                    key,
                    "a client that is gone would not be found, or one that is there be cut off",
                    "Write a time of more than nothing and up to 60s, for example 25s.");
        }
        return written;
    }
}
