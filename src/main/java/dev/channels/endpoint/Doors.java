package dev.channels.endpoint;

import dev.channels.Caller;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.PresentClient;
import dev.channels.endpoint.connection.ClientListener;
import dev.channels.endpoint.connection.OpenConnections;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.ClientDecisions;
import dev.channels.endpoint.policy.DoorSettings;
import dev.channels.endpoint.request.Addresses;
import dev.channels.endpoint.request.Callers;
import dev.channels.endpoint.request.Door;
import dev.channels.endpoint.request.Origins;
import dev.channels.endpoint.request.RefusalCounts;
import dev.channels.endpoint.task.RecurringLog;
import dev.channels.server.KnownServers;
import dev.channels.server.Server;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What all doors of one application share. A door hands it to its endpoints: neither injection nor
 * a look-up works inside one on every server.
 */
public final class Doors implements AutoCloseable {

    /**
     * More than the 5.5 s that Open Liberty takes to close a session whose client does not read.
     */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(8);

    private final ChannelsPlugin plugin;
    private final DoorSettings settings;
    private final OpenConnections connections;
    private final RecurringLog log = new RecurringLog(System::nanoTime);
    private final Origins origins;
    private final RefusalCounts refusals = new RefusalCounts();
    private final Addresses addresses;
    private final Callers callers;
    private final ClientDecisions decisions;
    private final List<Door> doors = new CopyOnWriteArrayList<>();
    private volatile @Nullable Server server;

    /**
     * Makes what the doors share, before the server is known.
     *
     * @param plugin gives the events
     * @param settings of all doors
     * @param code of the application, which is asked about clients
     * @param executor closes connections that do not answer; never refuses, and never runs a task
     *     on the calling thread
     * @param scheduler looks after the connections
     */
    public Doors(
            ChannelsPlugin plugin,
            DoorSettings settings,
            ClientCode code,
            Executor executor,
            ScheduledExecutorService scheduler) {
        this(plugin, settings, code, executor, scheduler, null);
    }

    /**
     * Makes what the doors share, before the server is known.
     *
     * @param plugin gives the events
     * @param settings of all doors
     * @param code of the application, which is asked about clients
     * @param executor closes connections that do not answer; never refuses, and never runs a task
     *     on the calling thread
     * @param scheduler looks after the connections
     * @param listener is told who comes and goes; null where nobody wants to know
     */
    public Doors(
            ChannelsPlugin plugin,
            DoorSettings settings,
            ClientCode code,
            Executor executor,
            ScheduledExecutorService scheduler,
            @Nullable ClientListener listener) {
        this.plugin = plugin;
        this.settings = settings;
        this.connections =
                new OpenConnections(
                        settings, LONGEST_CLOSE, executor, scheduler, refusals, listener);
        this.decisions =
                new ClientDecisions(code, settings.policies(), executor, scheduler, log, refusals);
        this.addresses = new Addresses(settings.trustForwardedHeaders());
        this.callers = new Callers(settings.policies().roles());
        this.origins = new Origins(settings.allowedOrigins(), settings.trustForwardedHeaders());
    }

    /**
     * Adds a door, while the application is being deployed.
     *
     * @param door for the filter to ask
     */
    public void add(Door door) {
        doors.add(door);
    }

    List<Door> doors() {
        return doors;
    }

    Addresses addresses() {
        return addresses;
    }

    /**
     * Returns what counts who is refused.
     *
     * @return one for all doors
     */
    public RefusalCounts refusals() {
        return refusals;
    }

    Origins origins() {
        return origins;
    }

    Callers callers() {
        return callers;
    }

    /**
     * Returns the plugin.
     *
     * @return what gives the events
     */
    public ChannelsPlugin plugin() {
        return plugin;
    }

    /**
     * Returns the settings.
     *
     * @return those of all doors
     */
    public DoorSettings settings() {
        return settings;
    }

    /**
     * Returns the log for what many clients can bring about.
     *
     * @return one for all doors
     */
    public RecurringLog log() {
        return log;
    }

    /**
     * Returns what decides about clients.
     *
     * @return policies and beans of the application in one
     */
    public ClientDecisions decisions() {
        return decisions;
    }

    /**
     * Returns the open connections.
     *
     * @return those of all doors
     */
    public OpenConnections connections() {
        return connections;
    }

    /**
     * Returns a client as others may see it in a channel.
     *
     * @param id names its connection
     * @param caller who it is
     * @param channel the name of the channel
     * @param info JSON that others may see of it there; null for nothing
     * @return the client; null where no policy keeps who is there. An info that is too long is left
     *     out, and logged
     */
    public @Nullable PresentClient present(
            String id, Caller caller, String channel, @Nullable String info) {
        return settings.policies().of(channel).keepsPresence()
                ? new PresentClient(id, caller.name(), shown(caller.info()), shown(info))
                : null;
    }

    private @Nullable String shown(@Nullable String info) {
        if (PresentClient.fits(info)) {
            return info;
        }
        log.warn(
                ErrorCode.PRESENCE_FAILED,
                "What the application says of a client to others is longer than "
                        + PresentClient.MAX_INFO
                        + " bytes, and left out of presence. Shorten Caller.info and"
                        + " ClientPermit.info.");
        return null;
    }

    /**
     * Chooses the server, before the first connection.
     *
     * @param container the WebSocket container of the application
     * @return the server
     */
    public synchronized Server recognise(Object container) {
        Server known = server;
        if (known == null) {
            known = KnownServers.of(container);
            server = known;
        }
        return known;
    }

    /**
     * Returns the server.
     *
     * @return the one that was chosen
     * @throws IllegalStateException before that
     */
    public Server server() {
        Server known = server;
        if (known == null) {
            throw new IllegalStateException("No door has been registered yet");
        }
        return known;
    }

    /**
     * Lets nobody in any more, and sends the clients away, one after another over some time, so
     * that they do not come to the other nodes all at once. Blocks for that time.
     *
     * @param time how long at the most; with none of it those who are here stay until the stop
     */
    public void drain(Duration time) {
        connections.drain(time);
    }

    /** Closes, with 1001 and within some seconds, the connections that are still open. */
    @Override
    public void close() {
        connections.close();
    }
}
