package dev.channels.endpoint.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy in front of the server says of a request: by {@code Forwarded} (RFC 7239), or by
 * {@code X-Forwarded-Proto}, {@code -Host} and {@code -Port}. Of several proxies the first one
 * counts, which the client spoke to.
 *
 * @param scheme as the client sees it, or null
 * @param host with its port, if it is not the default one, or null
 */
record Forwarded(@Nullable String scheme, @Nullable String host) {

    static Forwarded of(HttpServletRequest request) {
        String header = request.getHeader("Forwarded");
        if (header != null) {
            return new Forwarded(parameter(header, "proto"), parameter(header, "host"));
        }
        String host = first(request, "X-Forwarded-Host");
        String port = first(request, "X-Forwarded-Port");
        if (host != null && port != null && !host.matches(".*:\\d+")) {
            host = host + ":" + port;
        }
        return new Forwarded(first(request, "X-Forwarded-Proto"), host);
    }

    private static @Nullable String parameter(String header, String name) {
        String element = header.split(",", 2)[0];
        for (String pair : element.split(";", -1)) {
            String[] parts = pair.strip().split("=", 2);
            if (parts.length == 2 && parts[0].strip().toLowerCase(Locale.ROOT).equals(name)) {
                return parts[1].strip().replace("\"", "");
            }
        }
        return null;
    }

    private static @Nullable String first(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        if (value == null || value.isBlank()) {
            return null;
        }
        return value.split(",", 2)[0].strip();
    }
}
