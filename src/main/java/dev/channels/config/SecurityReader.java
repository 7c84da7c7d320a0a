package dev.channels.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads who may come in. */
final class SecurityReader {

    private static final Pattern ORIGIN =
            Pattern.compile(
                    "[A-Za-z][A-Za-z0-9+.-]*://(\\*\\.)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])"
                            + "(:[0-9]{1,5})?");

    private static final Duration SHORTEST_PRESENCE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PRESENCE = Duration.ofHours(1);

    private final Values values;

    SecurityReader(Values values) {
        this.values = values;
    }

    /**
     * Reads all of it.
     *
     * @param policies those that were read
     */
    SecurityConfig read(List<PolicyConfig> policies) {
        return new SecurityConfig(
                allowedOrigins(),
                values.flag(
                        Key.TRUST_FORWARDED_HEADERS.key(),
                        Boolean.parseBoolean(Key.TRUST_FORWARDED_HEADERS.defaultValue())),
                limit(Key.MAX_CONNECTIONS),
                limit(Key.MAX_CONNECTIONS_PER_CALLER),
                number(Key.MAX_CONNECTIONS_PER_ADDRESS),
                number(Key.MAX_CHANNELS),
                presenceTimeout(),
                policies);
    }

    private Duration presenceTimeout() {
        String key = Key.PRESENCE_TIMEOUT.key();
        Duration timeout =
                values.duration(key, Values.toDuration(Key.PRESENCE_TIMEOUT.defaultValue()));
        if (timeout.compareTo(SHORTEST_PRESENCE) < 0 || timeout.compareTo(LONGEST_PRESENCE) > 0) {
            values.problem(key, "it must be from 1s to 1h", "Write for example 60s.");
        }
        return timeout;
    }

    private int number(Key key) {
        int defaultValue = Integer.parseInt(key.defaultValue());
        return (int) values.number(key.key(), defaultValue, 1, Integer.MAX_VALUE);
    }

    private OptionalInt limit(Key key) {
        return values.text(key.key()).isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) values.number(key.key(), 1, 1, Integer.MAX_VALUE));
    }

    private List<String> allowedOrigins() {
        String key = Key.ALLOWED_ORIGINS.key();
        List<String> origins = values.list(key);
        for (String origin : origins) {
            boolean isWord = origin.equals("*") || origin.equals("same-origin");
            if (!isWord && !ORIGIN.matcher(origin).matches()) {
                values.problem(
                        key,
                        origin,
                        "not an origin",
                        "Write same-origin, *, or origins separated by commas: a scheme, a host, and a"
                                + " port if it is not the usual one, for example"
                                + " https://app.example.org or https://*.example.org.");
            }
        }
        if (origins.contains("*") && origins.size() > 1) {
            values.problem(key, "* allows every origin already", "Leave the others out.");
        }
        return origins.isEmpty() ? List.of(Key.ALLOWED_ORIGINS.defaultValue()) : origins;
    }
}
