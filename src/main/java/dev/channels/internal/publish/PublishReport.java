package dev.channels.internal.publish;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.Durations;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tells what became of publishes: counts them, logs failures, and keeps the promises to those who
 * wait. Each promise is completed by a task of its own, since what the application does then may
 * wait for another one. Never throws, whoever wrote the exceptions of the backend.
 */
public final class PublishReport {

    private final Counters counters;
    private final Executor executor;
    private final NodeLog log;

    /**
     * Makes a report.
     *
     * @param counters count what becomes of publishes
     * @param executor keeps the promises to those who wait
     * @param log is told of failures
     */
    public PublishReport(Counters counters, SureExecutor executor, NodeLog log) {
        this.counters = counters;
        this.executor = executor;
        this.log = log;
    }

    /** Returns when a publish is accepted that comes now; 0 where nobody measures. */
    long now() {
        return counters.durations() == Durations.NONE ? 0 : System.nanoTime();
    }

    /** A batch goes to the backend. */
    void handedOver(int size) {
        counters.durations().handedOver(size);
    }

    /** A batch is settled: accepted but for those that the failure, if any, is about. */
    void settled(List<PendingPublish> batch, @Nullable Throwable failure) {
        if (failure == null) {
            counters.published.add(batch.size());
            measure(batch, List.of());
            batch.forEach(publish -> keep(publish.promise, null));
            return;
        }
        List<@Nullable Throwable> reasons = new ArrayList<>(batch.size());
        for (PendingPublish publish : batch) {
            reasons.add(reasonFor(publish, failure));
        }
        count(reasons);
        measure(batch, reasons);
        // Last, so that who waited reads counters that count it.
        for (int i = 0; i < batch.size(); i++) {
            keep(batch.get(i).promise, reasons.get(i));
        }
    }

    /** Tells how long the publishes of a batch took, with the reasons of those that failed. */
    private void measure(List<PendingPublish> batch, List<@Nullable Throwable> reasons) {
        Durations durations = counters.durations();
        if (durations == Durations.NONE) {
            return;
        }
        long now = System.nanoTime();
        for (int i = 0; i < batch.size(); i++) {
            PendingPublish publish = batch.get(i);
            boolean failed = i < reasons.size() && reasons.get(i) != null;
            durations.published(
                    publish.channels(),
                    publish.acceptedAt == 0 ? Durations.UNTIMED : now - publish.acceptedAt,
                    failed ? ErrorCode.PUBLISH_FAILED.code() : null);
        }
    }

    private void count(List<@Nullable Throwable> reasons) {
        List<Throwable> failures = reasons.stream().filter(Objects::nonNull).toList();
        counters.published.add(reasons.size() - failures.size());
        counters.publishFailures.add(failures.size());
        if (!failures.isEmpty()) {
            log.warn(
                    ErrorCode.PUBLISH_FAILED,
                    () ->
                            failures.size()
                                    + " of "
                                    + reasons.size()
                                    + " publishes failed, the next ones are tried. Further ones are"
                                    + " counted and told later.",
                    failures.get(0));
        }
    }

    private static @Nullable Throwable reasonFor(Publication publication, Throwable failure) {
        try {
            return failure instanceof PublicationsRejectedException rejected
                    ? rejected.reasonFor(publication)
                    : failure;
        } catch (Throwable e) {
            // An exception of somebody else's backend, with code of his own.
            return e;
        }
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
    void refused(Set<String> channels, String why, @Nullable CompletableFuture<Void> promise) {
        counters.publishFailures.increment();
        counters.durations()
                .published(channels, Durations.UNTIMED, ErrorCode.PUBLISH_FAILED.code());
        log.warn(
                ErrorCode.PUBLISH_QUEUE_FULL,
                () -> why + " Further ones are counted and told later.",
                null);
        keep(promise, new ChannelsException(ErrorCode.PUBLISH_QUEUE_FULL, why));
    }

    /** A publish was to wait for a commit that never comes: meant so, and no failure. */
    void rolledBack(Set<String> channels, @Nullable CompletableFuture<Void> promise) {
        if (promise != null) {
            keep(
                    promise,
                    new ChannelsException(
                            ErrorCode.ROLLED_BACK,
                            "A publish to "
                                    + ChannelNames.printable(channels)
                                    + " was not sent: its transaction was rolled back. Publish by"
                                    + " atOnce() what is to be sent whatever becomes of the"
                                    + " transaction."));
        }
    }

    /** The broker is away, and a batch waits for it. */
    void waiting(String bounds, Throwable failure) {
        log.warn(
                ErrorCode.BROKER_UNAVAILABLE,
                "publish",
                () -> "The broker cannot be reached; publishes wait for it, up to " + bounds + ".",
                failure);
    }

    /** The scheduler does not end the pause. */
    void unscheduled(Throwable failure) {
        log.warn(
                ErrorCode.EXECUTOR,
                "publish",
                () ->
                        "The scheduler refuses tasks (is the server stopping?); publishes wait"
                                + " until the next one, or until the backend says that the broker"
                                + " is back.",
                failure);
    }
}
