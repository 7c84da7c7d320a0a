package dev.channels.backend.redis.connection;

import dev.channels.spi.Key;
import java.time.Duration;
import java.util.List;

/** The keys of both backends. */
public final class RedisConfigKeys {

    public static final Key<String> URI =
            Key.text("uri", "redis://localhost:6379", "where Redis is");

    static final Key<String> KEY_PREFIX =
            Key.text("key-prefix", "channels", "what all names in Redis begin with");

    static final Key<Duration> CONNECT_TIMEOUT =
            duration("connect-timeout", "10s", "how long to wait for a connection");

    static final Key<Duration> COMMAND_TIMEOUT =
            duration("command-timeout", "5s", "how long to wait for an answer");

    static final Key<Duration> HEARTBEAT =
            duration("heartbeat", "5s", "how often the connections are tried");

    static final Key<Duration> RECONNECT_MAX_DELAY =
            duration(
                    "reconnect-max-delay",
                    "5s",
                    "the longest pause between two attempts to connect");

    /** All of them. */
    public static final List<Key<?>> ALL =
            List.of(
                    URI,
                    KEY_PREFIX,
                    CONNECT_TIMEOUT,
                    COMMAND_TIMEOUT,
                    HEARTBEAT,
                    RECONNECT_MAX_DELAY);

    private RedisConfigKeys() {}

    private static Key<Duration> duration(String name, String defaultValue, String meaning) {
        return Key.duration(name, defaultValue, "1ms", "1d", meaning);
    }
}
