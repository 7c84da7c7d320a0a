package dev.channels.websocket;

import dev.channels.endpoint.request.Handshake;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import org.jspecify.annotations.Nullable;

/** Makes an endpoint instance for each session of one path. */
final class ChannelConfigurator extends ServerEndpointConfig.Configurator {

    private final EndpointContext context;
    private final @Nullable String channel;

    /**
     * Makes a configurator.
     *
     * @param channel the channel of an exact path, or null for the template
     */
    ChannelConfigurator(EndpointContext context, @Nullable String channel) {
        this.context = context;
        this.channel = channel;
    }

    @Override
    public void modifyHandshake(
            ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        Handshake.passTo(config.getUserProperties());
    }

    @Override
    public <T> T getEndpointInstance(Class<T> endpointClass) {
        return endpointClass.cast(new ChannelEndpoint(context, channel));
    }
}
