package dev.channels.server;

import jakarta.websocket.Session;
import java.util.List;

/** Whatever else there is: everything one at a time, as the specification has it. */
final class OtherServer extends Server {

    @Override
    List<String> classPrefixes() {
        return List.of();
    }

    @Override
    public SessionRemote remote(Session session) {
        return new AsyncRemote(session);
    }

    @Override
    public String toString() {
        return "a server that Channels EE does not know";
    }
}
