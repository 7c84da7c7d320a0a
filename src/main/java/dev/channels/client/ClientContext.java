package dev.channels.client;

import dev.channels.ChannelsException;
import dev.channels.ClientCalls;
import dev.channels.client.connected.OpenClients;
import dev.channels.client.session.ClientSettings;
import dev.channels.endpoint.Doors;
import dev.channels.spi.ChannelHistory;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every endpoint instance is handed.
 *
 * @param doors what all doors share
 * @param settings of the client endpoint
 * @param clients those that are connected
 * @param application answers calls
 */
record ClientContext(
        Doors doors, ClientSettings settings, OpenClients clients, Application application) {

    /**
     * What the application does for its clients.
     *
     * @param calls answers them, or null if nobody does
     * @param history of the channels, or null if none is kept
     * @param skipped is told of each event of the history that a client cannot take
     * @param encoder of data that the application sends
     * @param executor runs what may block; never on the calling thread
     * @param scheduler runs what is due later
     */
    record Application(
            @Nullable ClientCalls calls,
            @Nullable ChannelHistory history,
            Consumer<? super ChannelsException> skipped,
            Function<Object, byte[]> encoder,
            Executor executor,
            ScheduledExecutorService scheduler) {}
}
