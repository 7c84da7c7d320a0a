package dev.channels.websocket;

import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;

/**
 * The endpoints of one application and their open sessions. An endpoint is handed all it needs:
 * neither injection nor a look-up works inside one on every server.
 */
public final class ChannelEndpoints implements AutoCloseable {

    /**
     * More than the 5.5 s that Open Liberty takes to close a session whose client does not read.
     */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(8);

    private final EndpointPaths paths;
    private final EndpointContext context;

    /**
     * Makes the endpoints, not yet registered.
     *
     * @param plugin gives the events
     * @param settings where and how
     * @param executor closes sessions that do not answer; never refuses, and never runs a task on
     *     the calling thread
     * @param scheduler looks after sends that do not end
     */
    public ChannelEndpoints(
            ChannelsPlugin plugin,
            EndpointSettings settings,
            Executor executor,
            ScheduledExecutorService scheduler) {
        this.paths = new EndpointPaths(settings);
        this.context =
                new EndpointContext(
                        plugin,
                        settings,
                        new OpenSessions(
                                settings.sendTimeout(),
                                settings.pingInterval(),
                                LONGEST_CLOSE,
                                executor,
                                scheduler),
                        new ServiceCache(ChannelEndpoints.class.getClassLoader()),
                        new Semaphore(Runtime.getRuntime().availableProcessors()));
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
                container.addEndpoint(config(path));
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

    private ServerEndpointConfig config(String path) {
        String channel = paths.exact().get(path);
        return ServerEndpointConfig.Builder.create(ChannelEndpoint.class, path)
                .configurator(new ChannelConfigurator(context, channel))
                .build();
    }

    /** Closes, with 1001 and within some seconds, the sessions that are still open. */
    @Override
    public void close() {
        context.sessions().close();
    }
}
