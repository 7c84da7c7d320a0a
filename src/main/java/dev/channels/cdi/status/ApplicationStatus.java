package dev.channels.cdi.status;

import dev.channels.ChannelsListener;
import dev.channels.ChannelsStatistics;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
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
    private final Predicate<String> disconnecting;
    private final Function<String, CompletionStage<Boolean>> forgetting;
    private volatile Phase phase = Phase.STARTING;
    private volatile boolean brokerUp = true;

    /**
     * Makes the status of an application that starts.
     *
     * @param backend the name of the backend
     * @param statistics reads the counters
     * @param connections counts the open connections of all doors
     * @param disconnecting sends a client away by the id of its connection, if it is here
     * @param forgetting deletes the history of a channel, if one is kept
     */
    public ApplicationStatus(
            String backend,
            Supplier<ChannelsStatistics> statistics,
            IntSupplier connections,
            Predicate<String> disconnecting,
            Function<String, CompletionStage<Boolean>> forgetting) {
        this.backend = backend;
        this.statistics = statistics;
        this.connections = connections;
        this.disconnecting = disconnecting;
        this.forgetting = forgetting;
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
     * Sends a client away, whichever door it came to.
     *
     * @param id of its connection
     * @return false if it is not connected here
     */
    public boolean disconnect(String id) {
        return disconnecting.test(id);
    }

    /**
     * Deletes the history of a channel.
     *
     * @param channel its name
     * @return completes with true when it is deleted, with false if none is kept
     */
    public CompletionStage<Boolean> forget(String channel) {
        return forgetting.apply(channel);
    }
}
