package dev.channels.websocket;

import dev.channels.ChannelEvent;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;

/**
 * What the engine behind a session takes: how many sends may be in flight, and what makes a send
 * cheap.
 *
 * <p>Undertow and Tyrus queue a second send and keep the order, and Undertow merges what it has
 * queued into one write, which is where bursts are won; so they get a window, bounded in events and
 * in bytes because their own queues are not. Open Liberty fails a second send and may lose frames,
 * Tomcat throws; so every other engine gets one send at a time.
 */
enum SessionEngine {
    /** WildFly. */
    UNDERTOW("io.undertow.", 128),
    /** Payara and GlassFish. */
    TYRUS("org.glassfish.tyrus.", 64),
    /** Open Liberty. */
    LIBERTY("com.ibm.ws.wsoc.", 1),
    /** Tomcat, and whatever else there is. */
    OTHER("", 1);

    private static final long WINDOW_BYTES = 64 * 1024;

    private final String packagePrefix;
    private final int maxInFlight;

    SessionEngine(String packagePrefix, int maxInFlight) {
        this.packagePrefix = packagePrefix;
        this.maxInFlight = maxInFlight;
    }

    /** Recognises the engine of a session by the package of its class. */
    static SessionEngine of(Session session) {
        return ofClass(session.getClass().getName());
    }

    static SessionEngine ofClass(String sessionClass) {
        for (SessionEngine engine : values()) {
            if (sessionClass.startsWith(engine.packagePrefix)) {
                return engine;
            }
        }
        return OTHER;
    }

    int maxInFlight() {
        return maxInFlight;
    }

    long maxInFlightBytes() {
        return maxInFlight == 1 ? Long.MAX_VALUE : WINDOW_BYTES;
    }

    /**
     * Tells whether the basic remote is to be preferred while it does not block: Open Liberty's
     * writes on the thread that calls, while its async remote hands each send through two other
     * threads, for twice the processor time and a third of the deliveries. It blocks while the
     * client does not read; and when a connection ends in which a send blocks, the server forgets
     * to wake that thread, or its own which sends the close.
     */
    boolean prefersBasicRemote() {
        return this == LIBERTY;
    }

    /**
     * Tells whether each send looks for service files through the context class loader of its
     * thread. Payara's Tyrus schedules a task on a managed executor with every send, whatever the
     * idle timeout, and that executor looks for {@code ThreadContextProvider}s each time, down to
     * the file system.
     */
    boolean looksForServices() {
        return this == TYRUS;
    }

    /**
     * Tells whether a close leaves the connection of a client that does not read open for ever:
     * Undertow queues the close frame behind what is not read. It ends the connection at an
     * asynchronous send that runs into its timeout, which costs a timer per send, so that only the
     * last one of a session is given one.
     */
    boolean queuesTheClose() {
        return this == UNDERTOW;
    }

    /**
     * Tells whether a ping may go out beside a send. Open Liberty fails one of the two then, as
     * Tomcat does; it also keeps a connection of which nothing comes.
     */
    boolean takesPings() {
        return this == UNDERTOW || this == TYRUS;
    }

    /**
     * Returns the payload of an event as the engine takes it: shared, but copied for Open Liberty,
     * which reports a read-only buffer as sent and sends nothing.
     */
    ByteBuffer buffer(ChannelEvent event) {
        return this == LIBERTY ? ByteBuffer.wrap(event.data()) : event.buffer();
    }
}
