package dev.channels.backend.postgresql;

import dev.channels.backend.postgresql.connection.Connections;
import dev.channels.backend.postgresql.connection.DaemonThread;
import dev.channels.backend.postgresql.connection.DriverConnections;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.JdbcUrl;
import dev.channels.backend.postgresql.connection.PgjdbcDriver;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.history.CleanupWorker;
import dev.channels.backend.postgresql.history.HistoryRequests;
import dev.channels.backend.postgresql.history.HistoryWorker;
import dev.channels.backend.postgresql.lease.LeaseRequests;
import dev.channels.backend.postgresql.outbox.Relay;
import dev.channels.backend.postgresql.presence.PresenceRequests;
import dev.channels.backend.postgresql.publish.Publisher;
import dev.channels.backend.postgresql.read.Listener;
import dev.channels.backend.postgresql.read.Reader;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.backend.postgresql.worker.Health;
import dev.channels.backend.postgresql.worker.Outages;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.BackendSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The workers of one start of the backend; used once. */
final class Workers {

    /** How long a statement that is under way may take to end by itself. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** So that one long answer does not hold up the others; each costs the server a process. */
    private static final int HISTORY_CONNECTIONS = 2;

    private static final int WATCHES_PER_TIMEOUT = 4;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Outages outages;
    private final Failures failures;
    private final Publisher publisher;
    private final Reader reader;
    private final HistoryRequests history;
    private final PresenceRequests presence;
    private final LeaseRequests leases;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Worker> listening = new ArrayList<>();
    private final Duration timeout;
    private final ScheduledExecutorService scheduler;

    /** Looks after uses of connections that are overdue; set by the start. */
    private volatile @Nullable Future<?> watching;

    Workers(
            PostgresqlSettings settings,
            Connections connections,
            ScheduledExecutorService scheduler,
            BackendSink sink) {
        this.scheduler = scheduler;
        Tables tables = Tables.of(settings.tables(), settings.createTables());
        timeout = settings.connectTimeout();
        failures = new Failures(settings.address());
        outages = new Outages(sink, this::wakeAll);
        Relay relay = settings.join() ? new Relay(tables, timeout, settings.pollInterval()) : null;
        long publisherId = ThreadLocalRandom.current().nextLong();
        publisher = new Publisher(tables, failures, publisherId, timeout, relay);
        reader = new Reader(tables, sink, failures, stopping, settings.pollInterval());
        history =
                new HistoryRequests(
                        tables.names(),
                        tables.notifier(),
                        settings.retentions(),
                        timeout,
                        failures);
        presence = new PresenceRequests(tables.names(), failures);
        leases = new LeaseRequests(tables.names(), failures);
        CleanupWorker cleanup =
                new CleanupWorker(
                        tables.names(),
                        settings.retentions(),
                        settings.cleanupInterval(),
                        stopping);
        workers.add(worker("publisher", publisher, connections, outages.part()));
        workers.add(worker("reader", reader, connections, outages.part()));
        for (int i = 1; i <= HISTORY_CONNECTIONS; i++) {
            HistoryWorker job = new HistoryWorker(history, tables, failures);
            workers.add(worker("history-" + i, job, connections, outages.part()));
        }
        workers.add(worker("cleanup", cleanup, connections, Health.UNWATCHED));
        workers.add(worker("presence", presence.job(), connections, Health.UNWATCHED));
        workers.add(worker("leases", leases.job(), connections, Health.UNWATCHED));
        JdbcUrl listenUrl = settings.listenUrl();
        if (listenUrl != null) {
            Connections own = new DriverConnections(listenUrl, settings.credentials(), timeout);
            Listener job = new Listener(settings.tables(), reader, sink);
            listening.add(worker("listener", job, own, outages.part()));
            workers.addAll(listening);
        }
    }

    private Worker worker(String name, Worker.Job job, Connections connections, Health health) {
        SupervisedConnection database = new SupervisedConnection(connections, timeout);
        return new Worker(name, job, database, health, failures, stopping);
    }

    private void wakeAll() {
        workers.forEach(Worker::wake);
    }

    Publisher publisher() {
        return publisher;
    }

    Reader reader() {
        return reader;
    }

    HistoryRequests history() {
        return history;
    }

    PresenceRequests presence() {
        return presence;
    }

    LeaseRequests leases() {
        return leases;
    }

    CompletionStage<Void> start() {
        long pause = timeout.toMillis() / WATCHES_PER_TIMEOUT;
        watching =
                scheduler.scheduleWithFixedDelay(
                        () -> workers.forEach(Worker::abortIfOverdue),
                        pause,
                        pause,
                        TimeUnit.MILLISECONDS);
        workers.forEach(Worker::start);
        return outages.started();
    }

    /**
     * Ends the workers, on a thread of its own because that takes time while the broker is away.
     */
    CompletionStage<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        outages.close();
        stopping.countDown();
        wakeAll();
        DaemonThread.thread("stop", () -> end(stopped)).start();
        return stopped;
    }

    private void end(CompletableFuture<Void> stopped) {
        try {
            listening.forEach(Worker::abort); // it waits for nothing but notifications
            joinAll(GRACE);
            workers.forEach(Worker::abort);
            // A thread that is connecting cannot be broken off; it ends when that times out.
            joinAll(GRACE);
        } catch (InterruptedException e) {
            workers.forEach(Worker::abort);
        } finally {
            Future<?> watch = watching;
            if (watch != null) {
                watch.cancel(false);
            }
            PgjdbcDriver.release();
            stopped.complete(null);
        }
    }

    private void joinAll(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        for (Worker worker : workers) {
            worker.join(Duration.ofNanos(until - System.nanoTime()));
        }
    }
}
