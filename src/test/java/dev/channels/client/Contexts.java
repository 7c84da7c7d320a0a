package dev.channels.client;

import dev.channels.ClientCalls;
import dev.channels.client.connected.OpenClients;
import dev.channels.client.session.ClientSettings;
import dev.channels.endpoint.NodeWithDoors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes what the endpoint instances of a node are handed. */
final class Contexts {

    private Contexts() {}

    /** With the defaults of the configuration, but few channels a client, and many commands. */
    static ClientContext of(NodeWithDoors open, OpenClients clients, @Nullable ClientCalls calls) {
        ClientSettings settings =
                new ClientSettings(
                        "/c",
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(15),
                        8,
                        65536,
                        1000,
                        1000,
                        Duration.ZERO);
        return new ClientContext(
                open.doors,
                settings,
                clients,
                new ClientContext.Application(
                        calls,
                        open.node.history().orElse(null),
                        open.node::skipped,
                        data ->
                                data instanceof byte[] bytes
                                        ? bytes
                                        : data.toString().getBytes(StandardCharsets.UTF_8),
                        open.executor,
                        open.scheduler));
    }
}
