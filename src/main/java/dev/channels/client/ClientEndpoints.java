package dev.channels.client;

import dev.channels.ChannelsException;
import dev.channels.ClientCalls;
import dev.channels.ErrorCode;
import dev.channels.client.connected.OpenClients;
import dev.channels.client.session.ClientSettings;
import dev.channels.endpoint.Doors;
import dev.channels.spi.ChannelHistory;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The client endpoint of one application. */
public final class ClientEndpoints {

    /** The subprotocols, as the SDKs offer them; JSON is spoken without one, too. */
    static final String JSON = "centrifuge-json";

    static final String PROTOBUF = "centrifuge-protobuf";

    private final ClientContext context;

    /**
     * Makes the endpoint, not yet registered.
     *
     * @param doors what it shares with the other doors
     * @param settings where and how
     * @param clients takes those that connect
     * @param calls answers them, or null if the application does not
     * @param history of the channels, or null if none is kept
     * @param skipped is told of each event of the history that a client cannot take
     * @param encoder of data that the application sends
     * @param executor runs what may block; never on the calling thread
     * @param scheduler runs what is due later
     */
    public ClientEndpoints(
            Doors doors,
            ClientSettings settings,
            OpenClients clients,
            @Nullable ClientCalls calls,
            @Nullable ChannelHistory history,
            Consumer<? super ChannelsException> skipped,
            Function<Object, byte[]> encoder,
            Executor executor,
            ScheduledExecutorService scheduler) {
        doors.add(new ClientPath(settings.path()));
        this.context =
                new ClientContext(
                        doors,
                        settings,
                        clients,
                        new ClientContext.Application(
                                calls, history, skipped, encoder, executor, scheduler));
    }

    /**
     * Registers it, while the application is being deployed.
     *
     * @param container that of the application
     * @return its path
     * @throws ChannelsException {@link ErrorCode#ENDPOINT} if the container refuses it
     */
    public String register(ServerContainer container) {
        String path = context.settings().path();
        try {
            container.addEndpoint(
                    ServerEndpointConfig.Builder.create(ClientEndpoint.class, path)
                            .subprotocols(List.of(JSON, PROTOBUF))
                            .configurator(new ClientConfigurator(context))
                            .build());
        } catch (DeploymentException e) {
            throw new ChannelsException(
                    ErrorCode.ENDPOINT,
                    "The client endpoint on "
                            + path
                            + " could not be registered: "
                            + e.getMessage()
                            + ". If the application has an endpoint of its own on this path, move one"
                            + " of them (channels.client-path).",
                    e);
        }
        return path;
    }
}
