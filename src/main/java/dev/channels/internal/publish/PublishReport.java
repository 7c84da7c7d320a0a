package dev.channels.internal.publish;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.Episode;
import dev.channels.spi.Log;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tells what became of publishes: counts them, logs failures once per episode, and keeps the
 * promises to those who wait. Each promise is completed by a task of its own, since what the
 * application does then may wait for another one.
 */
public final class PublishReport {

    private final Counters counters;
    private final Executor executor;
    private final Episode failing = new Episode();
    private final Episode refusing = new Episode();

    /**
     * Makes a report.
     *
     * @param counters count what becomes of publishes
     * @param executor keeps the promises to those who wait
     */
    public PublishReport(Counters counters, Executor executor) {
        this.counters = counters;
        this.executor = executor;
    }

    /** A batch is settled: accepted but for those that the failure, if any, is about. */
    void settled(List<PendingPublish> batch, @Nullable Throwable failure) {
        int failed = 0;
        Throwable reason = null;
        for (PendingPublish publish : batch) {
            Throwable why = reasonFor(publish, failure);
            if (why != null) {
                failed++;
                reason = why;
            }
        }
        counters.published.add(batch.size() - failed);
        counters.publishFailures.add(failed);
        if (reason == null) {
            failing.end();
        } else if (failing.begin()) {
            Log.warn(
                    ErrorCode.PUBLISH_FAILED,
                    failed
                            + " of "
                            + batch.size()
                            + " publishes failed, the next ones are tried. Not logged again until"
                            + " one has succeeded.",
                    reason);
        }
        // Last, so that who waited reads counters that count it.
        for (PendingPublish publish : batch) {
            keep(publish.promise, reasonFor(publish, failure));
        }
    }

    private static @Nullable Throwable reasonFor(
            Publication publication, @Nullable Throwable failure) {
        return failure instanceof PublicationsRejectedException rejected
                ? rejected.reasonFor(publication)
                : failure;
    }

    private void keep(@Nullable CompletableFuture<Void> promise, @Nullable Throwable why) {
        if (promise == null) {
            return;
        }
        if (why == null) {
            executor.execute(() -> promise.complete(null));
        } else {
            ChannelsException told =
                    BackendCalls.failed(
                            ErrorCode.PUBLISH_FAILED,
                            "The backend could not publish the event",
                            why);
            executor.execute(() -> promise.completeExceptionally(told));
        }
    }

    /** A publish was not accepted. */
    void refused(ChannelsException full, @Nullable CompletableFuture<Void> promise) {
        counters.publishFailures.increment();
        if (refusing.begin()) {
            Log.warn(
                    full.errorCode(),
                    full.getMessage() + " Not logged again until half of it is free.",
                    null);
        }
        keep(promise, full);
    }

    /** There is room again. */
    void hasRoom() {
        refusing.end();
    }

    /** The broker is away, and a batch waits for it. */
    void waiting(String bounds, Throwable failure) {
        if (failing.begin()) {
            Log.warn(
                    ErrorCode.BROKER_UNAVAILABLE,
                    "The broker cannot be reached; publishes wait for it, up to " + bounds + ".",
                    failure);
        }
    }
}
