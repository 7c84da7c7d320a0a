package dev.channels.endpoint.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which other sites may connect. A browser says in the header {@code Origin} whose page opens a
 * connection, and sends the cookies of its user along whichever it is. It leaves that out of a GET
 * that its page may not read (an image, a link, {@code no-cors}), of which {@code Sec-Fetch-Site}
 * says whether another site asks for it (Fetch Metadata). What has neither is no browser, and is
 * let through.
 */
public final class Origins {

    private static final String ANY = "*";
    private static final String SAME = "same-origin";

    /** What a browser says of a request that another origin has brought about. */
    private static final Set<String> FOREIGN_SITES = Set.of("cross-site", "same-site");

    private final List<String> allowed;
    private final boolean trustForwardedHeaders;

    /**
     * Reads what is allowed.
     *
     * @param allowed {@code same-origin}, {@code *}, or origins such as {@code
     *     https://app.example.org} or {@code https://*.example.org}; validated
     * @param trustForwardedHeaders whether a proxy says in headers what the client sees
     */
    public Origins(List<String> allowed, boolean trustForwardedHeaders) {
        this.allowed = allowed.stream().map(Origins::normal).toList();
        this.trustForwardedHeaders = trustForwardedHeaders;
    }

    /** Tells whether a request may come from where it comes from. */
    public boolean allow(HttpServletRequest request) {
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        if (allowsAny()) {
            return true;
        }
        if (origins.isEmpty()) {
            return Collections.list(request.getHeaders("Sec-Fetch-Site")).stream()
                    .noneMatch(site -> FOREIGN_SITES.contains(normal(site.strip())));
        }
        if (origins.size() > 1) {
            return false;
        }
        String origin = normal(origins.get(0).strip());
        return allowed.stream()
                .anyMatch(
                        one ->
                                one.equals(SAME)
                                        ? origin.equals(ownOrigin(request))
                                        : matches(one, origin));
    }

    /** Tells whether every site may connect. */
    public boolean allowsAny() {
        return allowed.contains(ANY);
    }

    private static boolean matches(String allowed, String origin) {
        int wildcard = allowed.indexOf("://*.");
        if (wildcard < 0) {
            return origin.equals(allowed);
        }
        String scheme = allowed.substring(0, wildcard + 3);
        String domain = allowed.substring(wildcard + 4);
        String host = origin.startsWith(scheme) ? origin.substring(scheme.length()) : "";
        return host.endsWith(domain) && host.length() > domain.length();
    }

    /** Returns the origin of the application as the client sees it, or null if nothing says so. */
    private @Nullable String ownOrigin(HttpServletRequest request) {
        String scheme = request.getScheme();
        String host = request.getHeader("Host");
        if (trustForwardedHeaders) {
            Forwarded forwarded = Forwarded.of(request);
            scheme = forwarded.scheme() != null ? forwarded.scheme() : scheme;
            host = forwarded.host() != null ? forwarded.host() : host;
        }
        return host == null ? null : normal(scheme + "://" + host);
    }

    /** In lower case, without the port that its scheme has anyway. */
    private static String normal(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT).replaceFirst("^ws(s?)://", "http$1://");
        if (lower.startsWith("http://") && lower.endsWith(":80")) {
            return lower.substring(0, lower.length() - ":80".length());
        }
        if (lower.startsWith("https://") && lower.endsWith(":443")) {
            return lower.substring(0, lower.length() - ":443".length());
        }
        return lower;
    }
}
