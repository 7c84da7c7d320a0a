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

    /** What there is without configuration: an address, and a prefix. */
    public static RedisSettings of(String uri, String prefix) {
        Duration connectTimeout = RedisConfigKeys.CONNECT_TIMEOUT.defaultValue();
        RedisAddress address = RedisAddress.parse(uri, connectTimeout);
        if (address == null) {
            throw new IllegalArgumentException(
                    "The URI is not an address of Redis: " + RedisAddress.FORMS);
        }
        return new RedisSettings(
                address,
                prefix,
                connectTimeout,
                RedisConfigKeys.COMMAND_TIMEOUT.defaultValue(),
                RedisConfigKeys.HEARTBEAT.defaultValue(),
                RedisConfigKeys.RECONNECT_MAX_DELAY.defaultValue());
    }

    public static RedisSettings read(BackendSettings settings) {
        Duration connectTimeout = settings.get(RedisConfigKeys.CONNECT_TIMEOUT);
        String uri = settings.get(RedisConfigKeys.URI);
        RedisAddress address = RedisAddress.parse(uri, connectTimeout);
        if (address == null) {
            settings.problem(RedisConfigKeys.URI, "is not an address of Redis", RedisAddress.FORMS);
            address =
                    Objects.requireNonNull(
                            RedisAddress.parse(RedisConfigKeys.URI.defaultValue(), connectTimeout));
        }
        return new RedisSettings(
                address,
                prefix(settings),
                connectTimeout,
                settings.get(RedisConfigKeys.COMMAND_TIMEOUT),
                settings.get(RedisConfigKeys.HEARTBEAT),
                settings.get(RedisConfigKeys.RECONNECT_MAX_DELAY));
    }

    private static String prefix(BackendSettings settings) {
        String prefix = settings.get(RedisConfigKeys.KEY_PREFIX);
        if (prefix.indexOf('/') >= 0 || prefix.chars().anyMatch(Character::isISOControl)) {
            settings.problem(
                    RedisConfigKeys.KEY_PREFIX,
                    "has a slash or a control character",
                    "leave it out: the names in Redis are made of the prefix, a slash and the"
                            + " channel");
        }
        if (prefix.contains("{}")) {
            settings.problem(
                    RedisConfigKeys.KEY_PREFIX,
                    "has an empty hash tag",
                    "leave the braces out, or put a text between them");
        }
        return prefix;
    }
}
