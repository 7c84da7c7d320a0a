package dev.channels.backend.postgresql.history;

import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.Log;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Cleans up once per interval, with a connection that it has only meanwhile. Cleaning that fails is
 * no outage: it is logged once, until it succeeds again.
 */
public final class CleanupWorker implements Worker.Job {

    private final Cleaner cleaner;
    private final long intervalNanos;
    private final CountDownLatch stopping;

    /** Used by the worker's thread only. */
    private long cleanedAt = System.nanoTime();

    /** Used by the worker's thread only. */
    private boolean failing;

    /**
     * Makes the job.
     *
     * @param tables the names of the tables
     * @param retentions how many events to keep per channel, and how long
     * @param interval how often one of the nodes cleans up
     * @param stopping open when it is to end
     */
    public CleanupWorker(
            TableNames tables, Retentions retentions, Duration interval, CountDownLatch stopping) {
        this.cleaner = new Cleaner(tables, retentions, interval);
        this.intervalNanos = interval.toNanos();
        this.stopping = stopping;
    }

    @Override
    public void connected(SupervisedConnection database) {
        // It connects when it has something to do.
    }

    @Override
    public void step(SupervisedConnection database) throws SQLException, InterruptedException {
        if (cleaner.isBusy()) {
            database.use(cleaner::step);
            return;
        }
        database.close();
        long left = intervalNanos - (System.nanoTime() - cleanedAt);
        if (!stopping.await(Math.max(0, left), TimeUnit.NANOSECONDS)) {
            cleanedAt = System.nanoTime();
            database.use(cleaner::begin);
            failing = false;
        }
    }

    @Override
    public void lost(Throwable cause) {
        cleaner.giveUp();
        boolean conflict = cause instanceof SQLException e && Failures.isConflict(e);
        if (!failing && !conflict && stopping.getCount() > 0) {
            failing = true;
            Log.warn(
                    ErrorCode.STATE,
                    "removing old events from PostgreSQL failed; it will be tried again",
                    cause);
        }
    }

    @Override
    public void wake() {
        // Nobody waits for it but the stop, which it waits for itself.
    }
}
