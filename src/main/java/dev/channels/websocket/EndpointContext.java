package dev.channels.websocket;

import dev.channels.ChannelsPlugin;
import java.util.concurrent.Semaphore;

/**
 * What every endpoint instance is handed.
 *
 * @param plugin gives the events
 * @param settings of all endpoints
 * @param sessions those of the application
 * @param services see there
 * @param blockingSends as many permits as threads may be in a blocking send
 */
record EndpointContext(
        ChannelsPlugin plugin,
        EndpointSettings settings,
        OpenSessions sessions,
        ServiceCache services,
        Semaphore blockingSends) {}
