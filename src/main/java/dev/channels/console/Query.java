package dev.channels.console;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query of a request: each name once, the last one counts. */
final class Query {

    private final Map<String, String> values = new HashMap<>();

    /**
     * Takes a query apart.
     *
     * @throws IllegalArgumentException if a name or value is not percent-encoded as it should be
     */
    Query(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (String pair : query.split("&", -1)) {
            int end = pair.indexOf('=');
            values.put(
                    decoded(end < 0 ? pair : pair.substring(0, end)),
                    end < 0 ? "" : decoded(pair.substring(end + 1)));
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Returns a value; empty where there is none. */
    String get(String name) {
        return values.getOrDefault(name, "");
    }

    /** Returns a number within bounds; the default where there is none. */
    int number(String name, int otherwise, int min, int max) {
        try {
            return Math.max(min, Math.min(max, Integer.parseInt(get(name))));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
