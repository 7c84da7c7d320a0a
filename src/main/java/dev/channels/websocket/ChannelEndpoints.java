package dev.channels.websocket;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.endpoint.Doors;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The plain endpoints of one application: one channel a session, one frame an event. */
public final class ChannelEndpoints {

    private final EndpointPaths paths;
    private final EndpointContext context;

    /**
     * Makes the endpoints, not yet registered.
     *
     * @param doors what they share with the other doors
     * @param settings where and how
     */
    public ChannelEndpoints(Doors doors, EndpointSettings settings) {
        this.paths = new EndpointPaths(settings);
        this.context = new EndpointContext(doors, settings);
        doors.add(paths);
    }

    /**
     * Registers them, while the application is being deployed.
     *
     * @param container that of the application
     * @return the paths of the endpoints
     * @throws ChannelsException {@link ErrorCode#ENDPOINT} if the container refuses one
     */
    public List<String> register(ServerContainer container) {
        List<String> registered = new ArrayList<>(paths.exact().keySet());
        paths.template().ifPresent(registered::add);
        for (String path : registered) {
            try {
                container.addEndpoint(config(path, container.getInstalledExtensions()));
            } catch (DeploymentException e) {
                throw new ChannelsException(
                        ErrorCode.ENDPOINT,
                        "The endpoint on "
                                + path
                                + " could not be registered: "
                                + e.getMessage()
                                + ". If the application has an endpoint of its own on this path, move"
                                + " one of them (channels.ws-handler-base-path).",
                        e);
            }
        }
        return registered;
    }

    /** With the extensions that the operator has switched on, compression for example. */
    private ServerEndpointConfig config(String path, @Nullable Set<Extension> extensions) {
        String channel = paths.exact().get(path);
        return ServerEndpointConfig.Builder.create(ChannelEndpoint.class, path)
                .extensions(extensions == null ? List.of() : List.copyOf(extensions))
                .configurator(new ChannelConfigurator(context, channel))
                .build();
    }
}
