package dev.channels.cdi;

import dev.channels.ClientCalls;
import dev.channels.ClientConnections;
import dev.channels.cdi.event.LifeEvents;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.client.ClientEndpoints;
import dev.channels.client.connected.ClientsOfAllNodes;
import dev.channels.client.connected.OpenClients;
import dev.channels.config.ChannelsConfig;
import dev.channels.console.ConsoleDoor;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.internal.node.BinaryTextJsonEncoder;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.sse.SseDoor;
import dev.channels.websocket.ChannelEndpoints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The doors of one application: which of them there are, and what is behind each. */
final class ApplicationDoors {

    private final ChannelsConfig config;
    private final ContainerExecutors executors;
    private final BinaryTextJsonEncoder encoder;
    private final ChannelsNode node;
    private final @Nullable ClientCalls calls;
    private final OpenClients openClients = new OpenClients();
    private final ApplicationConsole console;
    private final Doors shared;
    private final ClientsOfAllNodes clients;

    ApplicationDoors(
            ChannelsConfig config,
            ContainerExecutors executors,
            BinaryTextJsonEncoder encoder,
            ChannelsNode node,
            ClientCode code,
            @Nullable ClientCalls calls,
            LifeEvents life) {
        this.config = config;
        this.executors = executors;
        this.encoder = encoder;
        this.node = node;
        this.calls = calls;
        this.console = new ApplicationConsole(config);
        this.clients = new ClientsOfAllNodes(openClients, node, encoder::encode, this::endCaller);
        this.shared =
                new Doors(
                        node,
                        PartSettings.doors(config),
                        code,
                        executors.executor(),
                        executors.scheduler(),
                        console.listener(life.observeClients() ? life : null));
    }

    private void endCaller(String user) {
        shared.connections().endCaller(user);
    }

    // ---- Which there are

    /** Tells whether there is any. */
    boolean any() {
        return hasWebSocket() || hasSse() || hasConsole();
    }

    /** Returns what counters call those for clients. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        if (hasPlainEndpoints()) {
            names.add("plain");
        }
        if (hasClientEndpoint()) {
            names.add("client");
        }
        if (hasSse()) {
            names.add("sse");
        }
        return names;
    }

    boolean hasWebSocket() {
        return hasPlainEndpoints() || hasClientEndpoint();
    }

    boolean hasSse() {
        return config.sse().endpoint();
    }

    boolean hasConsole() {
        return console.isOn();
    }

    boolean hasPlainEndpoints() {
        return config.createWsRouteHandlers();
    }

    /** Returns the names, and those of families, that are in the paths of endpoints. */
    List<String> namesInPaths() {
        return hasPlainEndpoints() ? List.copyOf(config.names()) : List.of();
    }

    boolean hasClientEndpoint() {
        return config.client().endpoint();
    }

    /** Tells whether there is a door that the module for web pages speaks to. */
    boolean hasWhatTheModuleNeeds() {
        return hasClientEndpoint() || hasSse();
    }

    // ---- What is behind them

    /** Returns what they share; the stop closes their connections. */
    Doors shared() {
        return shared;
    }

    /** Makes the plain endpoints of one servlet context. */
    ChannelEndpoints plainEndpoints() {
        return new ChannelEndpoints(shared, PartSettings.endpoints(config));
    }

    ClientConnections clients() {
        return clients;
    }

    /** Makes the client endpoint of one servlet context. */
    ClientEndpoints clientEndpoints() {
        clients.listen();
        return new ClientEndpoints(
                shared,
                PartSettings.client(config),
                openClients,
                calls,
                node.history().orElse(null),
                node::skipped,
                encoder::encode,
                executors.executor(),
                executors.scheduler());
    }

    String ssePath() {
        return config.sse().path();
    }

    /** Makes the Server-Sent Events of one servlet context. */
    SseDoor sse() {
        return new SseDoor(shared, PartSettings.sse(config));
    }

    /** Makes the console of one servlet context. */
    ConsoleDoor console(ApplicationStatus status) {
        return console.door(shared, node, status);
    }
}
