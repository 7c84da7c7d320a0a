package dev.channels.endpoint.request;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request within its application, taken apart once, by the rules of Jakarta Servlet
 * 6.0, section 3.5: path parameters ({@code ;jsessionid=…}) are cut off, and what is
 * percent-encoded is decoded, as UTF-8. Servers take apart what is ambiguous each in its own way,
 * so that a path is only taken for what it says where all of them must agree.
 *
 * @param segments decoded, without those of the context root
 * @param literal the same, with dot segments as they stand there
 * @param endsWithSlash whether a slash follows them
 * @param isPlain false if the path is ambiguous: an empty segment, a dot segment, an encoded slash,
 *     a backslash, a control character, what is no UTF-8, a context root that is spelt otherwise;
 *     the segments are those that one server or another may find then
 */
public record RequestPath(
        List<String> segments, List<String> literal, boolean endsWithSlash, boolean isPlain) {

    /** Makes a path without dot segments. */
    RequestPath(List<String> segments, boolean endsWithSlash, boolean isPlain) {
        this(segments, segments, endsWithSlash, isPlain);
    }

    /**
     * Takes the path of a request apart.
     *
     * @param request wrapped or not
     * @return its path within its application
     */
    public static RequestPath of(HttpServletRequest request) {
        return of(request.getRequestURI(), request.getContextPath());
    }

    static RequestPath of(String uri, String contextPath) {
        Segments all = new Segments(withoutHost(uri));
        List<String> context = new Segments(contextPath).names;
        List<String> names = below(context, all.names);
        boolean isPlain = all.isPlain && names.size() + context.size() == all.names.size();
        return new RequestPath(names, below(context, all.literal), all.slashAtTheEnd, isPlain);
    }

    /** Returns what follows the context root; all of it where it does not begin so. */
    private static List<String> below(List<String> context, List<String> names) {
        boolean within =
                names.size() >= context.size() && names.subList(0, context.size()).equals(context);
        return List.copyOf(within ? names.subList(context.size(), names.size()) : names);
    }

    /** Returns the path as the container has taken it apart, which is never plain. */
    public static RequestPath ofContainer(HttpServletRequest request) {
        String info = request.getPathInfo();
        String path = request.getServletPath() + (info == null ? "" : info);
        List<String> names =
                Arrays.stream(path.split("/")).filter(name -> !name.isEmpty()).toList();
        return new RequestPath(names, path.endsWith("/"), false);
    }

    /**
     * Returns the path.
     *
     * @return decoded, beginning with a slash
     */
    public String path() {
        return "/" + String.join("/", segments) + (endsWithSlash && !segments.isEmpty() ? "/" : "");
    }

    /**
     * Returns the one segment that follows a path.
     *
     * @param base a path that begins and ends with a slash
     * @return the segment, empty for the path itself, or null if there are more, or it does not
     *     begin so
     */
    public @Nullable String nameBelow(String base) {
        String path = path();
        if (path.startsWith(base) && path.indexOf('/', base.length()) < 0) {
            return path.substring(base.length());
        }
        List<String> above = new Segments(base).names;
        // An encoded slash may be a separator for the server, or not, and dots stand for
        // themselves.
        return isOneBelow(above, segments)
                ? segments.get(above.size())
                : isOneBelow(above, literal) ? literal.get(above.size()) : null;
    }

    private static boolean isOneBelow(List<String> above, List<String> names) {
        return names.size() == above.size() + 1 && names.subList(0, above.size()).equals(above);
    }

    /** A request line may name the host too (RFC 9112, section 3.2.2). */
    private static String withoutHost(String uri) {
        int host = uri.indexOf("://");
        if (uri.startsWith("/") || host < 0) {
            return uri;
        }
        int path = uri.indexOf('/', host + 3);
        return path < 0 ? "/" : uri.substring(path);
    }

    /** The decoded segments of a path. */
    private static final class Segments {

        private final List<String> names = new ArrayList<>();
        private final List<String> literal = new ArrayList<>();
        private boolean isPlain = true;
        private boolean slashAtTheEnd;

        Segments(String path) {
            String[] parts = path.split("/", -1);
            if (parts.length > 1 || !parts[0].isEmpty()) {
                take(parts);
            }
        }

        private void take(String[] parts) {
            isPlain = parts[0].isEmpty();
            for (int i = 1; i < parts.length; i++) {
                boolean last = i == parts.length - 1;
                String name = decoded(withoutParameters(parts[i]));
                slashAtTheEnd = last && name.isEmpty();
                isPlain &= !name.isEmpty() || last;
                take(name);
            }
        }

        private void take(String name) {
            if (!name.isEmpty()) {
                literal.add(name);
            }
            if (name.equals("..")) {
                isPlain = false;
                if (!names.isEmpty()) {
                    names.remove(names.size() - 1);
                }
            } else if (name.equals(".")) {
                isPlain = false;
            } else if (!name.isEmpty()) {
                names.add(name);
            }
        }

        private static String withoutParameters(String part) {
            int semicolon = part.indexOf(';');
            return semicolon < 0 ? part : part.substring(0, semicolon);
        }

        private String decoded(String part) {
            byte[] bytes = bytesOf(part);
            String name;
            try {
                name =
                        bytes == null
                                ? part
                                : StandardCharsets.UTF_8
                                        .newDecoder()
                                        .decode(ByteBuffer.wrap(bytes))
                                        .toString();
            } catch (CharacterCodingException e) {
                bytes = null;
                name = part;
            }
            isPlain &= bytes != null && name.chars().noneMatch(Segments::isAmbiguous);
            return name;
        }

        private static boolean isAmbiguous(int c) {
            return c == '/' || c == '\\' || Character.isISOControl(c);
        }

        /** Returns null if it is not encoded as a URI must be (RFC 3986, section 2). */
        private static byte @Nullable [] bytesOf(String part) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(part.length());
            for (int i = 0; i < part.length(); i++) {
                char c = part.charAt(i);
                if (c >= 0x80 || (c == '%' && !isEncoded(part, i))) {
                    return null;
                }
                if (c == '%') {
                    bytes.write(HexFormat.fromHexDigits(part, i + 1, i + 3));
                    i += 2;
                } else {
                    bytes.write(c);
                }
            }
            return bytes.toByteArray();
        }

        private static boolean isEncoded(String part, int at) {
            return at + 2 < part.length()
                    && HexFormat.isHexDigit(part.charAt(at + 1))
                    && HexFormat.isHexDigit(part.charAt(at + 2));
        }
    }
}
