package dev.channels.endpoint.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * From which address a client comes, as far as one can know. Where a proxy is trusted it is what
 * the nearest one says, the last of {@code Forwarded} (RFC 7239) or {@code X-Forwarded-For}:
 * whatever stands before it may have been sent by the client itself. Of an IPv6 address the first
 * 64 bits count, since whoever has one has all that begin so.
 */
public final class Addresses {

    private static final int MAX_LENGTH = 64;
    private static final int GROUPS_OF_A_NET = 4;

    private final boolean trustForwardedHeaders;

    public Addresses(boolean trustForwardedHeaders) {
        this.trustForwardedHeaders = trustForwardedHeaders;
    }

    /** Returns the address; empty if none is known. */
    public String of(HttpServletRequest request) {
        String forwarded = trustForwardedHeaders ? forwarded(request) : "";
        String remote = request.getRemoteAddr();
        return net(forwarded.isEmpty() ? (remote == null ? "" : remote) : forwarded);
    }

    private static String forwarded(HttpServletRequest request) {
        String element = last(request, "Forwarded");
        for (String pair : element.split(";", -1)) {
            String[] parts = pair.strip().split("=", 2);
            if (parts.length == 2 && parts[0].strip().toLowerCase(Locale.ROOT).equals("for")) {
                return parts[1].strip().replace("\"", "");
            }
        }
        return last(request, "X-Forwarded-For");
    }

    private static String last(HttpServletRequest request, String name) {
        List<String> values = Collections.list(request.getHeaders(name));
        if (values.isEmpty()) {
            return "";
        }
        String value = values.get(values.size() - 1);
        return value.substring(value.lastIndexOf(',') + 1).strip();
    }

    /** Returns what counts of an address, without a port. */
    static String net(String address) {
        String bare = address;
        if (bare.startsWith("[")) {
            int end = bare.indexOf(']');
            bare = bare.substring(1, end < 0 ? bare.length() : end);
        } else if (bare.indexOf(':') == bare.lastIndexOf(':') && bare.indexOf(':') >= 0) {
            bare = bare.substring(0, bare.indexOf(':'));
        }
        String net = bare.indexOf(':') < 0 ? bare : firstHalf(bare.toLowerCase(Locale.ROOT));
        return net.length() <= MAX_LENGTH ? net : net.substring(0, MAX_LENGTH);
    }

    private static String firstHalf(String address) {
        int mapped = address.lastIndexOf("::ffff:");
        if (mapped == 0 && address.indexOf('.') > 0) {
            return address.substring("::ffff:".length());
        }
        StringBuilder net = new StringBuilder();
        String[] groups = address.split("::", 2)[0].split(":", -1);
        for (int i = 0; i < GROUPS_OF_A_NET; i++) {
            String group = i < groups.length ? groups[i].replaceFirst("^0+", "") : "";
            net.append(group.isEmpty() ? "0" : group).append(':');
        }
        return net.append(':').toString();
    }
}
