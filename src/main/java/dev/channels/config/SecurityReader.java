package dev.channels.config;

import dev.channels.spi.Key;
import java.util.List;
import java.util.regex.Pattern;

/** Reads who may come in. */
final class SecurityReader {

    private static final Pattern ORIGIN =
            Pattern.compile(
                    "[A-Za-z][A-Za-z0-9+.-]*://(\\*\\.)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])"
                            + "(:[0-9]{1,5})?");

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
                values.get(Keys.TRUST_FORWARDED_HEADERS),
                values.get(Keys.MAX_CONNECTIONS),
                values.limit(Keys.MAX_CONNECTIONS_PER_CALLER),
                values.get(Keys.MAX_CONNECTIONS_PER_ADDRESS),
                values.get(Keys.MAX_CHANNELS),
                values.get(Keys.PRESENCE_TIMEOUT),
                policies);
    }

    private List<String> allowedOrigins() {
        Key<List<String>> key = Keys.ALLOWED_ORIGINS;
        List<String> origins = values.get(key);
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
        return origins;
    }
}
