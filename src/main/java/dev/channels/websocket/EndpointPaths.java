package dev.channels.websocket;

import dev.channels.spi.ChannelNames;
import dev.channels.spi.DeclaredNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which paths the endpoints are on.
 *
 * <p>A channel whose name needs no encoding in a path has an exact path. All other names, those of
 * families among them, share one template, since servers differ in how they match an exact path
 * that is encoded, and agree on how they decode a parameter of a template. An exact path wins over
 * a template (Jakarta WebSocket 2.1, section 4.1).
 */
public final class EndpointPaths {

    /** The path parameter of the template. */
    static final String PARAMETER = "channel";

    /** The characters that stand for themselves in a path (RFC 3986, section 2.3). */
    private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]+");

    private final EndpointSettings settings;
    private final DeclaredNames declared;

    /**
     * Plans the paths.
     *
     * @param settings where the endpoints are to be
     */
    public EndpointPaths(EndpointSettings settings) {
        this.settings = settings;
        this.declared = new DeclaredNames(settings.channels());
    }

    /**
     * Returns the exact paths.
     *
     * @return each path with its channel; none where any channel is allowed
     */
    public Map<String, String> exact() {
        Map<String, String> paths = new LinkedHashMap<>();
        if (!settings.anyChannel()) {
            settings.channels().stream()
                    .filter(name -> UNRESERVED.matcher(name).matches())
                    .forEach(name -> paths.put(settings.basePath() + name, name));
        }
        return paths;
    }

    /**
     * Returns the template for the channels without an exact path.
     *
     * @return the template, or empty if every channel has an exact path
     */
    public Optional<String> template() {
        boolean needed = settings.anyChannel() || exact().size() < settings.channels().size();
        return needed ? Optional.of(settings.basePath() + "{" + PARAMETER + "}") : Optional.empty();
    }

    /**
     * Returns the pattern that every path of an endpoint matches.
     *
     * @return the pattern, as a filter is mapped to
     */
    public String urlPattern() {
        return settings.basePath() + "*";
    }

    /**
     * Tells whether a request that the template would match is for no channel.
     *
     * @param path the path within the application, not decoded
     * @return true if the path is one segment below the base path, which may be empty, and that is
     *     no channel's name
     */
    public boolean isUnknown(String path) {
        if (!path.startsWith(settings.basePath())) {
            return false;
        }
        String segment = path.substring(settings.basePath().length());
        if (segment.indexOf('/') >= 0) {
            return false;
        }
        String name;
        try {
            name = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return true;
        }
        return !isChannel(name);
    }

    private boolean isChannel(String name) {
        return (settings.anyChannel() || declared.contains(name))
                && ChannelNames.isValid(name)
                && ChannelNames.isPathSegment(name);
    }
}
