package dev.channels.websocket;

import dev.channels.endpoint.policy.ClientChannels;
import dev.channels.endpoint.request.Door;
import dev.channels.endpoint.request.RequestPath;
import dev.channels.endpoint.request.Target;
import dev.channels.spi.ChannelNames;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which paths the endpoints are on.
 *
 * <p>A channel whose name needs no encoding in a path has an exact path. All other names, those of
 * families among them, share one template, since servers differ in how they match an exact path
 * that is encoded, and agree on how they decode a parameter of a template. An exact path wins over
 * a template (Jakarta WebSocket 2.1, section 4.1).
 */
public final class EndpointPaths implements Door {

    /** The name of this door. */
    static final String DOOR = "plain";

    /** The path parameter of the template. */
    private static final String PARAMETER = "channel";

    /** The characters that stand for themselves in a path (RFC 3986, section 2.3). */
    private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]+");

    private final EndpointSettings settings;
    private final ClientChannels channels;

    /**
     * Plans the paths.
     *
     * @param settings where the endpoints are to be
     */
    public EndpointPaths(EndpointSettings settings) {
        this.settings = settings;
        this.channels = new ClientChannels(settings.channels(), settings.anyChannel());
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

    @Override
    public @Nullable Target targetOf(RequestPath path) {
        String name = path.nameBelow(settings.basePath());
        if (name == null) {
            return null;
        }
        if (isChannel(name)) {
            return new Target(DOOR, name);
        }
        // Without a template the server itself finds nothing, or an endpoint of the application.
        return template().isPresent() || !path.isPlain() ? Target.NOWHERE : null;
    }

    private boolean isChannel(String name) {
        return channels.contains(name) && ChannelNames.isPathSegment(name);
    }
}
