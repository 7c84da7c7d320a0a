package dev.channels.client;

import dev.channels.endpoint.request.Handshake;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;

/** Makes an endpoint instance for each session. */
final class ClientConfigurator extends ServerEndpointConfig.Configurator {

    private final ClientContext context;

    ClientConfigurator(ClientContext context) {
        this.context = context;
    }

    @Override
    public void modifyHandshake(
            ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        Handshake.passTo(config.getUserProperties());
    }

    @Override
    public <T> T getEndpointInstance(Class<T> endpointClass) {
        return endpointClass.cast(new ClientEndpoint(context));
    }
}
