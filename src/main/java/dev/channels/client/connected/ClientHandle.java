package dev.channels.client.connected;

import dev.channels.ConnectedClient;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Payload;
import dev.channels.client.session.ClientSession;
import dev.channels.spi.ChannelNames;
import java.util.Set;
import java.util.function.Function;

/** A client, as the application sees it. */
public record ClientHandle(ClientSession session, Function<Object, byte[]> encoder)
        implements ConnectedClient {

    /** Tells whether the client was let in, and is there. */
    boolean isLetIn() {
        return session.isConnected();
    }

    @Override
    public String id() {
        return session.id();
    }

    @Override
    public String user() {
        return session.user();
    }

    @Override
    public Set<String> channels() {
        return session.channels();
    }

    @Override
    public void subscribe(String channel) {
        session.subscribeByServer(ChannelNames.requireValid(channel));
    }

    @Override
    public void unsubscribe(String channel) {
        session.unsubscribeByServer(channel);
    }

    @Override
    public void send(Object data) {
        session.message(Payload.of(encoder.apply(data)));
    }

    @Override
    public void disconnect(boolean reconnect) {
        session.disconnectByServer(
                reconnect ? DisconnectCode.FORCE_RECONNECT : DisconnectCode.FORCE_NO_RECONNECT);
    }

    @Override
    public String toString() {
        return session.toString();
    }
}
