package dev.channels.server;

import java.util.concurrent.Semaphore;

/** The servers that there are, for tests of what uses them. */
public final class Servers {

    private Servers() {}

    public static Server undertow() {
        return new UndertowServer();
    }

    public static Server glassFish() {
        return new GlassFishServer();
    }

    public static Server liberty(Semaphore blockingSends) {
        return new LibertyServer(blockingSends);
    }

    public static Server other() {
        return new OtherServer();
    }

    /** How many unread bytes fit the buffers on the way. */
    public static int fitting() {
        return Pulse.FITTING;
    }
}
