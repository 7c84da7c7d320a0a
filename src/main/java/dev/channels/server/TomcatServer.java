package dev.channels.server;

import jakarta.websocket.Session;
import java.util.List;

/**
 * Tomcat, which throws at a second send while the first is in flight: everything one at a time. Its
 * responses say when they are full, and an asynchronous send waits for nobody.
 */
final class TomcatServer extends Server {

    @Override
    List<String> classPrefixes() {
        return List.of("org.apache.tomcat.");
    }

    @Override
    public SessionRemote remote(Session session) {
        return new AsyncRemote(session);
    }

    @Override
    public String toString() {
        return "Tomcat";
    }
}
