package dev.channels.backend.postgresql;

import dev.channels.Position;
import dev.channels.backend.postgresql.connection.Connections;
import dev.channels.backend.postgresql.connection.DataSourceConnections;
import dev.channels.backend.postgresql.outbox.OutboxWriter;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.ChannelOutbox;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.LeasesOfRun;
import dev.channels.spi.PresenceOfRun;
import dev.channels.spi.Publication;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Talks to PostgreSQL, by threads of its own with a connection each: one publishes, one reads
 * events, one listens, two read the history, one keeps who is there, one the leases, one cleans up.
 *
 * <pre>
 *   publish ─▶ Publisher ─▶ tables ◀─ Reader ─▶ sink
 *                │   └─ NOTIFY ─▶ Listener ─▶ WakeUp ─┘
 *                └─ Relay ◀─ outbox ◀─ OutboxWriter ◀─ the application's transaction
 * </pre>
 */
final class PostgresqlBackend implements ChannelsBackend, ChannelHistory {

    private final PostgresqlSettings settings;
    private final Connections connections;
    private final ScheduledExecutorService scheduler;

    private final Optional<ChannelPresence> presence =
            Optional.of(new PresenceOfRun(() -> running().presence()));
    private final Optional<ChannelLeases> leases =
            Optional.of(new LeasesOfRun(() -> running().leases()));

    /** What runs between a start and a stop. */
    private volatile @Nullable Workers workers;

    private final Optional<ChannelDiscovery> discovery =
            Optional.of((prefix, watcher) -> running().reader().watch(prefix, watcher));

    private final Optional<ChannelOutbox> outbox;

    /**
     * Makes the backend.
     *
     * @param writer writes by the application's own transactions; null where they do not publish
     */
    PostgresqlBackend(
            PostgresqlSettings settings,
            Connections connections,
            ScheduledExecutorService scheduler,
            @Nullable OutboxWriter writer) {
        this.settings = settings;
        this.connections = connections;
        this.scheduler = scheduler;
        this.outbox = Optional.ofNullable(writer).map(Outbox::new);
    }

    @Override
    public CompletionStage<Void> start(BackendSink sink) {
        if (connections instanceof DataSourceConnections dataSource) {
            try {
                // Here, because the caller's thread is one of the container's.
                dataSource.lookUp();
            } catch (SQLException e) {
                // The workers try again, by way of the container's executor, and report it.
            }
        }
        Workers starting = new Workers(settings, connections, scheduler, sink);
        workers = starting;
        return starting.start();
    }

    @Override
    public CompletionStage<Void> stop() {
        Workers stopping = workers;
        workers = null;
        return stopping == null ? CompletableFuture.completedStage(null) : stopping.stop();
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return running().publisher().publish(batch);
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> channels) {
        return running().reader().subscribe(channels);
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> channels) {
        running().reader().unsubscribe(channels);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public Optional<ChannelHistory> history() {
        return Optional.of(this);
    }

    @Override
    public Optional<ChannelPresence> presence() {
        return presence;
    }

    @Override
    public Optional<ChannelLeases> leases() {
        return leases;
    }

    @Override
    public Optional<ChannelDiscovery> discovery() {
        return discovery;
    }

    @Override
    public Optional<ChannelOutbox> outbox() {
        return outbox;
    }

    @Override
    public CompletionStage<HistorySlice> last(String channel, int limit) {
        return running().history().last(channel, limit);
    }

    @Override
    public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
        return running().history().after(channel, position, limit);
    }

    @Override
    public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
        return running().history().before(channel, position, limit);
    }

    @Override
    public CompletionStage<Void> forget(String channel) {
        return running().history().forget(channel);
    }

    private Workers running() {
        Workers running = workers;
        if (running == null) {
            throw new IllegalStateException("The backend is not started");
        }
        return running;
    }

    /** Writes at any time; wakes what moves it on while there is a start. */
    private final class Outbox implements ChannelOutbox {

        private final OutboxWriter writer;

        Outbox(OutboxWriter writer) {
            this.writer = writer;
        }

        @Override
        public int maxPayloadBytes() {
            return Tables.MAX_PAYLOAD_BYTES;
        }

        @Override
        public void verify() {
            writer.verify();
        }

        @Override
        public void write(List<Publication> publications) {
            writer.write(publications);
        }

        @Override
        public void committed() {
            Workers running = workers;
            if (running != null) {
                running.publisher().wakeRelay();
            }
        }
    }

    @Override
    public String toString() {
        return "PostgresqlBackend[" + settings.address() + "]";
    }
}
