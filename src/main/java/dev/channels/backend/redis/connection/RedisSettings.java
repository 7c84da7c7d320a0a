package dev.channels.backend.redis.connection;

import dev.channels.spi.BackendSettings;
import java.time.Duration;
import java.util.Objects;

/**
 * What both backends are configured with.
 *
 * @param address where Redis is; holds secrets
 * @param prefix what names in Redis begin with; no slash, so that two prefixes never make one name
 * @param connectTimeout how long one attempt to connect may take
 * @param commandTimeout how long an answer may take before the connection counts as lost
 * @param heartbeat how often the connections are probed
 * @param maxDelay the greatest delay between two attempts to connect
 */
public record RedisSettings(
        RedisAddress address,
        String prefix,
        Duration connectTimeout,
        Duration commandTimeout,
        Duration heartbeat,
        Duration maxDelay) {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration USUAL = Duration.ofSeconds(5);

    /** What there is without configuration: an address, and a prefix. */
    public static RedisSettings of(String uri, String prefix) {
        RedisAddress address = RedisAddress.parse(uri, CONNECT_TIMEOUT);
        if (address == null) {
            throw new IllegalArgumentException(
                    "The URI is not an address of Redis: " + RedisAddress.FORMS);
        }
        return new RedisSettings(address, prefix, CONNECT_TIMEOUT, USUAL, USUAL, USUAL);
    }

    public static RedisSettings read(BackendSettings settings) {
        Duration connectTimeout = positive(settings, "connect-timeout", CONNECT_TIMEOUT);
        String uri = settings.text("uri", RedisAddress.DEFAULT);
        RedisAddress address = RedisAddress.parse(uri, connectTimeout);
        if (address == null) {
            settings.problem("uri", "is not an address of Redis", RedisAddress.FORMS);
            address =
                    Objects.requireNonNull(
                            RedisAddress.parse(RedisAddress.DEFAULT, connectTimeout));
        }
        return new RedisSettings(
                address,
                prefix(settings),
                connectTimeout,
                positive(settings, "command-timeout", USUAL),
                positive(settings, "heartbeat", USUAL),
                positive(settings, "reconnect-max-delay", USUAL));
    }

    private static String prefix(BackendSettings settings) {
        String prefix = settings.text("key-prefix", "channels");
        if (prefix.indexOf('/') >= 0 || prefix.chars().anyMatch(Character::isISOControl)) {
            settings.problem(
                    "key-prefix",
                    "has a slash or a control character",
                    "leave it out: the names in Redis are made of the prefix, a slash and the"
                            + " channel");
        }
        if (prefix.contains("{}")) {
            settings.problem(
                    "key-prefix",
                    "has an empty hash tag",
                    "leave the braces out, or put a text between them");
        }
        return prefix;
    }

    private static Duration positive(BackendSettings settings, String key, Duration defaultValue) {
        Duration value = settings.duration(key, defaultValue);
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            settings.problem(
                    key,
                    "is not between 1ms and 1d",
                    "set it to a duration like " + defaultValue.toSeconds() + "s");
            return defaultValue;
        }
        return value;
    }
}
