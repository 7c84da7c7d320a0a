package dev.channels.server;

import java.util.List;

/** Recognises a server by the class of something that it made. */
public final class KnownServers {

    private KnownServers() {}

    /**
     * Recognises a server.
     *
     * @param made its WebSocket container, a session, a servlet context, or a managed executor
     * @return the server, for one application; one that expects little where it is not known
     */
    public static Server of(Object made) {
        return ofClass(made.getClass().getName());
    }

    static Server ofClass(String name) {
        for (Server server :
                List.of(
                        new UndertowServer(),
                        new GlassFishServer(),
                        new LibertyServer(),
                        new TomcatServer())) {
            if (server.classPrefixes().stream().anyMatch(name::startsWith)) {
                return server;
            }
        }
        return new OtherServer();
    }
}
