package dev.channels.cdi.status;

import dev.channels.ChannelsListener;
import dev.channels.ChannelsStatistics;
import dev.channels.ConnectedClient;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the plugin of one application stands. Safe for use by any thread.
 *
 * <pre>
 *   STARTING ── opened ──▶ OPEN ── draining ──▶ DRAINING ── stopped ──▶ STOPPED
 * </pre>
 */
public final class ApplicationStatus implements ChannelsListener {

    /** Where the application is in its life. */
    public enum Phase {
        /** The plugin runs, the doors are not open yet. */
        STARTING,
        /** Everything works. */
        OPEN,
        /** The application stops: who comes is sent away. */
        DRAINING,
        /** It has stopped. */
        STOPPED
    }

    private final String backend;
    private final Supplier<ChannelsStatistics> statistics;
    private final IntSupplier connections;
    private final Function<String, Optional<ConnectedClient>> clients;
    private volatile Phase phase = Phase.STARTING;
    private volatile boolean brokerUp = true;

    /**
     * Makes the status of an application that starts.
     *
     * @param backend the name of the backend
     * @param statistics reads the counters
     * @param connections counts the open connections of all doors
     * @param clients finds a client by its id
     */
    public ApplicationStatus(
            String backend,
            Supplier<ChannelsStatistics> statistics,
            IntSupplier connections,
            Function<String, Optional<ConnectedClient>> clients) {
        this.backend = backend;
        this.statistics = statistics;
        this.connections = connections;
        this.clients = clients;
    }

    @Override
    public void disconnected(@Nullable Throwable cause) {
        brokerUp = false;
    }

    @Override
    public void reconnected() {
        brokerUp = true;
    }

    /**
     * Takes a step of the application's life.
     *
     * @param next the phase from now on
     */
    public void enter(Phase next) {
        phase = next;
    }

    /**
     * Returns where the application is in its life.
     *
     * @return the phase
     */
    public Phase phase() {
        return phase;
    }

    /**
     * Tells whether the broker can be reached, as far as the backend has told.
     *
     * @return true until an outage is told
     */
    public boolean isBrokerUp() {
        return brokerUp;
    }

    /**
     * Tells whether requests are welcome.
     *
     * @return whether everything works
     */
    public boolean isReady() {
        return phase == Phase.OPEN && brokerUp;
    }

    /**
     * Returns the backend.
     *
     * @return its name in the configuration
     */
    public String backend() {
        return backend;
    }

    /**
     * Reads the counters.
     *
     * @return a reading of now
     */
    public ChannelsStatistics statistics() {
        return statistics.get();
    }

    /**
     * Counts the open connections.
     *
     * @return those of all doors
     */
    public int connections() {
        return connections.getAsInt();
    }

    /**
     * Finds a client of the client endpoint.
     *
     * @param id of its connection
     * @return the client, or empty if it is not connected here
     */
    public Optional<ConnectedClient> client(String id) {
        return clients.apply(id);
    }
}
